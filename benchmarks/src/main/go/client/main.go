// Program client calls Arith.Add of a server on one connection with Go's own
// net/rpc. For each line "run IN_FLIGHT WARM_UP MEASURED" on its standard input
// (times in seconds) it keeps exactly so many calls in flight, prints "measuring"
// when the warm-up is over, and at the end one line of JSON. It ends when its
// input does.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"netrpcbench/arith"
	"netrpcbench/selfsigned"
)

const method = "Arith.Add"

// sample is what one run found; Sample.java reads it.
type sample struct {
	Calls      int64   `json:"calls"`
	Seconds    float64 `json:"seconds"`
	P50Micros  float64 `json:"p50Micros"`
	P99Micros  float64 `json:"p99Micros"`
	P999Micros float64 `json:"p999Micros"`
	CPUMicros  int64   `json:"cpuMicros"`
}

type load struct {
	client   *rpc.Client
	inFlight int
	warmUp   time.Duration
	measured time.Duration
	start    time.Time
}

func main() {
	address := flag.String("address", "", "HOST:PORT of the server")
	codec := flag.String("codec", "gob", "gob or json")
	mode := flag.String("mode", "async", "async: one loop over client.Go; sync: goroutines in client.Call")
	secure := flag.Bool("tls", false, "whether to speak TLS")
	flag.Parse()
	conn, err := net.Dial("tcp", *address)
	if err == nil && *secure {
		conn = tls.Client(conn, selfsigned.Client())
	}
	if err != nil {
		log.Fatal(err)
	}
	var client *rpc.Client
	switch *codec {
	case "gob":
		client = rpc.NewClient(conn)
	case "json":
		client = jsonrpc.NewClient(conn)
	default:
		log.Fatalf("-codec %s (expected: gob or json)", *codec)
	}
	var run func(*load) sample
	switch *mode {
	case "async":
		run = (*load).async
	case "sync":
		run = (*load).sync
	default:
		log.Fatalf("-mode %s (expected: async or sync)", *mode)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var inFlight int
		var warmUp, measured float64
		if _, err := fmt.Sscanf(lines.Text(), "run %d %f %f", &inFlight, &warmUp, &measured); err != nil {
			log.Fatalf("%q (expected: run IN_FLIGHT WARM_UP MEASURED): %v", lines.Text(), err)
		}
		line, err := json.Marshal(run(&load{client, inFlight, seconds(warmUp), seconds(measured), time.Now()}))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(line))
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// async keeps the calls in flight from a single goroutine: each completion is
// taken from the one done channel and sent anew.
func (l *load) async() sample {
	done := make(chan *rpc.Call, l.inFlight)
	for i := 0; i < l.inFlight; i++ {
		args := newArgs(i)
		args.SetSent(time.Since(l.start))
		l.client.Go(method, args, new(arith.Reply), done)
	}
	var h histogram
	begin, cpu := time.Duration(-1), int64(0)
	for {
		call := <-done
		now := time.Since(l.start)
		args := check(call)
		if begin >= 0 {
			if now >= begin+l.measured {
				result := newSample(&h, now-begin, arith.CPUMicros()-cpu)
				for i := 1; i < l.inFlight; i++ {
					check(<-done)
				}
				return result
			}
			h.record(now - args.Sent())
		} else if now >= l.warmUp {
			begin, cpu = now, arith.CPUMicros()
			fmt.Println("measuring")
		}
		args.SetSent(now)
		l.client.Go(method, args, call.Reply, done)
	}
}

// sync keeps the calls in flight from one goroutine for each.
func (l *load) sync() sample {
	const warming, measuring, ended = 0, 1, 2
	var phase int32
	var group sync.WaitGroup
	histograms := make([]histogram, l.inFlight)
	for i := range histograms {
		group.Add(1)
		go func(args *arith.Args, h *histogram) {
			defer group.Done()
			reply := new(arith.Reply)
			sent := time.Since(l.start)
			for {
				if err := l.client.Call(method, args, reply); err != nil {
					log.Fatal(err)
				}
				now := time.Since(l.start)
				if reply.C != args.A+args.B {
					log.Fatalf("%d + %d = %d", args.A, args.B, reply.C)
				}
				switch atomic.LoadInt32(&phase) {
				case measuring:
					h.record(now - sent)
				case ended:
					return
				}
				sent = now
			}
		}(newArgs(i), &histograms[i])
	}
	time.Sleep(l.warmUp)
	begin, cpu := time.Now(), arith.CPUMicros()
	atomic.StoreInt32(&phase, measuring)
	fmt.Println("measuring")
	time.Sleep(l.measured)
	atomic.StoreInt32(&phase, ended)
	elapsed := time.Since(begin)
	cpu = arith.CPUMicros() - cpu
	group.Wait()
	var h histogram
	for i := range histograms {
		h.add(&histograms[i])
	}
	return newSample(&h, elapsed, cpu)
}

// newArgs makes a request of exactly 30 bytes in gob, once the call's number
// takes three bytes.
func newArgs(i int) *arith.Args { return &arith.Args{A: 64 + i%64, B: 100} }

func check(call *rpc.Call) *arith.Args {
	if call.Error != nil {
		log.Fatal(call.Error)
	}
	args, reply := call.Args.(*arith.Args), call.Reply.(*arith.Reply)
	if reply.C != args.A+args.B {
		log.Fatalf("%d + %d = %d", args.A, args.B, reply.C)
	}
	return args
}

func newSample(h *histogram, elapsed time.Duration, cpu int64) sample {
	return sample{h.count(), elapsed.Seconds(), h.micros(0.5), h.micros(0.99), h.micros(0.999), cpu}
}
