// Program overload finds how many calls of Work.Read a node answers in a closed
// loop, then calls in an open loop at a rate beyond that, then at a rate below it.
// A call is good if its reply comes within the limit of the moment it was to begin.
// It uses one stock rpc.Client and prints one line of JSON.
package main

import (
	"flag"
	"log"
	"net/rpc"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"netrpcbench/work"
)

// result is what was found; GoOverload.java reads it.
type result struct {
	Peak              float64 `json:"peak"` // good calls/s in the closed loop
	Calls             int     `json:"calls"`
	GoodPerSecond     float64 `json:"goodPerSecond"`
	Refused           int     `json:"refused"`
	Unanswered        int     `json:"unanswered"`
	AcceptedP99Millis float64 `json:"acceptedP99Millis"`
	RefusedP99Millis  float64 `json:"refusedP99Millis"`
	AfterCalls        int     `json:"afterCalls"`     // those begun 2 s after the overload or later
	AfterGoodShare    float64 `json:"afterGoodShare"` // of these
}

var (
	address  = flag.String("address", "", "HOST:PORT of the node")
	micros   = flag.Int64("micros", 10000, "how long each call works")
	limit    = flag.Duration("limit", 250*time.Millisecond, "when a reply is too late")
	inFlight = flag.Int("inFlight", 32, "calls in flight in the closed loop")
	closed   = flag.Float64("closed", 4, "seconds of the closed loop")
	rate     = flag.Float64("rate", 3200, "calls/s in overload")
	seconds  = flag.Float64("seconds", 12, "seconds of overload")
	half     = flag.Float64("half", 400, "calls/s afterwards")
	after    = flag.Float64("after", 10, "seconds afterwards")
)

const never = 1e9

// open calls at a rate and returns when each reply came, in seconds since its call
// was to begin: negative if it was an error of the server, never if none has come.
func open(client *rpc.Client, rate, seconds float64, wait *sync.WaitGroup) []float64 {
	count := int(rate * seconds)
	took := make([]float64, count)
	start := time.Now()
	for i := 0; i < count; i++ {
		took[i] = never
		begin := start.Add(time.Duration(float64(i) / rate * 1e9))
		time.Sleep(time.Until(begin))
		wait.Add(1)
		go func(slot *float64) {
			err := client.Call(work.Read, &work.Task{Micros: *micros}, new(work.Done))
			elapsed := time.Since(begin).Seconds()
			switch err.(type) {
			case nil:
				*slot = elapsed
			case rpc.ServerError:
				*slot = -elapsed
			}
			wait.Done()
		}(&took[i])
	}
	return took
}

func closedLoop(client *rpc.Client) float64 {
	var good, ended int64
	var group sync.WaitGroup
	begin := time.Now()
	for i := 0; i < *inFlight; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for atomic.LoadInt64(&ended) == 0 {
				err := client.Call(work.Read, &work.Task{Micros: *micros}, new(work.Done))
				switch err.(type) {
				case nil:
					atomic.AddInt64(&good, 1)
				case rpc.ServerError:
					time.Sleep(5 * time.Millisecond) // as the Java load does
				default:
					log.Fatal(err)
				}
			}
		}()
	}
	time.Sleep(time.Duration(*closed * 1e9))
	atomic.StoreInt64(&ended, 1)
	group.Wait()
	return float64(good) / time.Since(begin).Seconds()
}

func p99Millis(took []float64) float64 {
	if len(took) == 0 {
		return 0
	}
	sort.Float64s(took)
	return took[(len(took)*99+99)/100-1] * 1000
}

func main() {
	flag.Parse()
	client, err := rpc.Dial("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	work.Print("calling")
	found := result{Peak: closedLoop(client)}
	var wait sync.WaitGroup
	overload := open(client, *rate, *seconds, &wait)
	afterwards := open(client, *half, *after, &wait)
	// What has not ended 2 s later, long after its limit, is given up.
	done := make(chan struct{})
	go func() { wait.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
		client.Close() // ends the goroutines that wait, so that nobody writes while we read
		<-done
	}
	good, accepted, refused := 0, []float64{}, []float64{}
	for _, t := range overload {
		switch {
		case t == never:
			found.Unanswered++
		case t < 0:
			refused = append(refused, -t)
		default:
			accepted = append(accepted, t)
			if t <= limit.Seconds() {
				good++
			}
		}
	}
	found.Calls, found.Refused = len(overload), len(refused)
	found.GoodPerSecond = float64(good) / *seconds
	found.AcceptedP99Millis, found.RefusedP99Millis = p99Millis(accepted), p99Millis(refused)
	goodAfter := 0
	for _, t := range afterwards[int(*half*2):] {
		found.AfterCalls++
		if t >= 0 && t <= limit.Seconds() {
			goodAfter++
		}
	}
	found.AfterGoodShare = float64(goodAfter) / float64(found.AfterCalls)
	work.PrintJSON(found)
}
