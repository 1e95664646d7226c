// A stock Go program that calls demo-arith-server over gob, JSON-RPC and HTTP CONNECT,
// all on one port:
//
//	go run docs/go/client/main.go [HOST:PORT [gob|json|http]]
//
// A stock Go server such as docs/go/server speaks one of them: it never answers the
// others, and Go's client never stops waiting.
package main

import (
	"fmt"
	"log"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
)

type Args struct{ A, B int }

type Reply struct{ C int }

type Quotient struct{ Quo, Rem int }

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:1234"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	dialers := []struct {
		name string
		dial func() (*rpc.Client, error)
	}{
		{"gob", func() (*rpc.Client, error) { return rpc.Dial("tcp", addr) }},
		{"json", func() (*rpc.Client, error) { return jsonrpc.Dial("tcp", addr) }},
		{"http", func() (*rpc.Client, error) { return rpc.DialHTTP("tcp", addr) }},
	}
	for _, d := range dialers {
		if len(os.Args) > 2 && os.Args[2] != d.name {
			continue
		}
		client, err := d.dial()
		if err != nil {
			log.Fatalf("%s: %v", d.name, err)
		}
		var sum Reply
		if err := client.Call("Arith.Add", Args{7, 8}, &sum); err != nil {
			log.Fatalf("%s: Arith.Add: %v", d.name, err)
		}
		fmt.Printf("%-4s 7 + 8 = %d\n", d.name, sum.C)

		var q Quotient
		if err := client.Call("Arith.Divide", Args{17, 5}, &q); err != nil {
			log.Fatalf("%s: Arith.Divide: %v", d.name, err)
		}
		fmt.Printf("%-4s 17 / 5 = %d, remainder %d\n", d.name, q.Quo, q.Rem)

		err = client.Call("Arith.Divide", Args{1, 0}, &q)
		fmt.Printf("%-4s 1 / 0: %v\n", d.name, err)
		client.Close()
	}
}
