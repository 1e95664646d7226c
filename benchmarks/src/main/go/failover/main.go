// Program failover calls Work.Read on several nodes in turns, with one stock
// rpc.Client for each, as many calls in flight as asked for. "mark" on its input
// begins to count, "report" prints the counts as JSON. It ends when its input does.
package main

import (
	"bufio"
	"flag"
	"log"
	"net/rpc"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"netrpcbench/work"
)

// counts is what happened since the mark; KillFailover.java reads it.
type counts struct {
	Calls      int64 `json:"calls"`
	Failed     int64 `json:"failed"`
	LastMillis int64 `json:"lastMillis"` // when a call that failed was last begun
}

type counter struct {
	sync.Mutex
	mark time.Time
	counts
}

func (c *counter) ended(begun time.Time, err error) {
	c.Lock()
	defer c.Unlock()
	if c.mark.IsZero() {
		return
	}
	c.Calls++
	if err != nil {
		c.Failed++
		if since := begun.Sub(c.mark).Milliseconds(); since > c.LastMillis {
			c.LastMillis = since
		}
	}
}

func main() {
	addresses := flag.String("addresses", "", "HOST:PORT,HOST:PORT of the nodes")
	inFlight := flag.Int("inFlight", 64, "calls in flight")
	micros := flag.Int64("micros", 5000, "how long each call works")
	flag.Parse()
	var clients []*rpc.Client
	for _, address := range strings.Split(*addresses, ",") {
		client, err := rpc.Dial("tcp", address)
		if err != nil {
			log.Fatal(err)
		}
		clients = append(clients, client)
	}
	var turn uint64
	var count counter
	for i := 0; i < *inFlight; i++ {
		go func() {
			for {
				client := clients[atomic.AddUint64(&turn, 1)%uint64(len(clients))]
				begun := time.Now()
				err := client.Call(work.Read, &work.Task{Micros: *micros}, new(work.Done))
				count.ended(begun, err)
				if err != nil {
					time.Sleep(5 * time.Millisecond) // as the Java load does
				}
			}
		}()
	}
	work.Print("calling")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		count.Lock()
		switch lines.Text() {
		case "mark":
			count.mark, count.counts = time.Now(), counts{}
			work.Print("marked")
		case "report":
			work.PrintJSON(count.counts)
		}
		count.Unlock()
	}
}
