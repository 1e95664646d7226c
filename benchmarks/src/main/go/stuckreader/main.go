// Program stuckreader sends calls for large replies with a stock rpc.Client and
// reads nothing. It prints "calling" when it begins and "sent" when all calls are
// written, which a server that stops reading prevents. It ends when its input does.
package main

import (
	"flag"
	"io"
	"log"
	"net"
	"net/rpc"
	"os"

	"netrpcbench/work"
)

// deaf is a connection that is never read.
type deaf struct {
	net.Conn
}

func (deaf) Read([]byte) (int, error) { select {} }

func main() {
	address := flag.String("address", "", "HOST:PORT of the node")
	calls := flag.Int("calls", 500, "how many calls")
	size := flag.Int("size", 1<<20, "bytes of each reply")
	micros := flag.Int64("micros", 0, "how long each call works")
	flag.Parse()
	conn, err := net.Dial("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	client := rpc.NewClient(deaf{conn})
	work.Print("calling")
	go func() {
		for i := 0; i < *calls; i++ {
			client.Go(work.Read, &work.Task{Token: int64(i), Micros: *micros, Size: *size}, new(work.Done), make(chan *rpc.Call, 1))
		}
		work.Print("sent")
	}()
	io.Copy(io.Discard, os.Stdin)
}
