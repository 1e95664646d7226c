// Program waiter makes one long call of Work.Write with a stock rpc.Client. It
// prints "waiting", and "ended" with the error when the call has ended. It ends
// when its input does.
package main

import (
	"flag"
	"io"
	"log"
	"net/rpc"
	"os"

	"netrpcbench/work"
)

func main() {
	address := flag.String("address", "", "HOST:PORT of the node")
	micros := flag.Int64("micros", 120_000_000, "how long the call works")
	flag.Parse()
	client, err := rpc.Dial("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	// A first call shows that the connection works
	if err := client.Call(work.Write, &work.Task{}, new(work.Done)); err != nil {
		log.Fatal(err)
	}
	go func() {
		work.Print("ended", client.Call(work.Write, &work.Task{Micros: *micros}, new(work.Done)))
	}()
	work.Print("waiting")
	io.Copy(io.Discard, os.Stdin)
}
