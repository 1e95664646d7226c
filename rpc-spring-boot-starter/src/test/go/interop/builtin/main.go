// Program builtin calls the methods that every server of ours has, with Go's own
// clients. Each outcome is a line on standard output.
//
//	builtin -codec gob 127.0.0.1:7001
package main

import (
	"flag"
	"fmt"
	"log"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("builtin: ")
	codec := flag.String("codec", "gob", "gob, jsonrpc or http")
	flag.Parse()
	time.AfterFunc(time.Minute, func() { os.Exit(1) })
	client, err := dial(*codec, flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	// A client of Go's numbers its calls from 0.
	fmt.Println("ping:", client.Call("_goRPC_.Ping", struct{}{}, &struct{}{}))
	waiting := client.Go("Work.Wait", "x", new(string), make(chan *rpc.Call, 1))
	fmt.Println("cancel of none:", client.Call("_goRPC_.Cancel", uint64(77), &struct{}{}))
	fmt.Println("cancel:", client.Call("_goRPC_.Cancel", uint64(1), &struct{}{}))
	fmt.Println("wait:", (<-waiting.Done).Error)
	fmt.Println("cancel of text:", client.Call("_goRPC_.Cancel", "one", &struct{}{}) != nil)
	fmt.Println("ping of text:", client.Call("_goRPC_.Ping", "hello", &struct{}{}))
	var echo string
	fmt.Println("echo:", client.Call("Work.Echo", "still here", &echo), echo)
}

func dial(codec, addr string) (*rpc.Client, error) {
	switch codec {
	case "jsonrpc":
		return jsonrpc.Dial("tcp", addr)
	case "http":
		return rpc.DialHTTP("tcp", addr)
	default:
		return rpc.Dial("tcp", addr)
	}
}
