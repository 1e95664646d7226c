// Program worknode serves Work with Go's own net/rpc and gob. It prints
// "address HOST:PORT", answers each line "memory" with "memory BYTES", the heap
// in use after a collection, and ends when its input does.
package main

import (
	"bufio"
	"flag"
	"log"
	"net"
	"net/rpc"
	"os"
	"runtime"

	"netrpcbench/work"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "HOST:PORT to listen on")
	slots := flag.Int("slots", 0, "how many calls work at a time, 0 for all")
	flag.Parse()
	service := &work.Work{}
	if *slots > 0 {
		service.Slots = make(chan struct{}, *slots)
	}
	if err := rpc.Register(service); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	go rpc.Accept(listener)
	work.Print("address", listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "memory" {
			runtime.GC()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			work.Print("memory", stats.HeapInuse)
		}
	}
}
