// Program worknode serves Work with Go's own net/rpc and gob. It prints
// "address HOST:PORT", answers each line "memory" with "memory BYTES", the heap
// and the stacks in use after a collection that gives free memory back to the
// system, and ends when its input does.
package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"log"
	"net"
	"net/rpc"
	"os"
	"runtime"
	"runtime/debug"

	"netrpcbench/selfsigned"
	"netrpcbench/work"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "HOST:PORT to listen on")
	slots := flag.Int("slots", 0, "how many calls work at a time, 0 for all")
	secure := flag.Bool("tls", false, "whether to speak TLS")
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
	if *secure {
		listener = tls.NewListener(listener, selfsigned.Server())
	}
	go rpc.Accept(listener)
	work.Print("address", listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "memory" {
			debug.FreeOSMemory()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			work.Print("memory", stats.HeapInuse+stats.StackInuse)
		}
	}
}
