// Program login says who calls by an ordinary call of _goRPC_.Authenticate, with Go's own
// clients. Each outcome is a line on standard output.
//
//	login -codec gob 127.0.0.1:7001 wrong-token right-token
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
	log.SetPrefix("login: ")
	codec := flag.String("codec", "gob", "gob, jsonrpc or http")
	flag.Parse()
	time.AfterFunc(time.Minute, func() { os.Exit(1) })
	client, err := dial(*codec, flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ping:", client.Call("_goRPC_.Ping", struct{}{}, &struct{}{}))
	echo(client, "stranger")
	fmt.Println("unknown:", client.Call("Work.Nothing", "x", new(string)))
	fmt.Println("wrong token:", client.Call("_goRPC_.Authenticate", flag.Arg(1), &struct{}{}))
	echo(client, "still a stranger")
	fmt.Println("no text:", client.Call("_goRPC_.Authenticate", 7, &struct{}{}))
	// The call behind the login does not wait for its answer.
	login := client.Go("_goRPC_.Authenticate", flag.Arg(2), &struct{}{}, make(chan *rpc.Call, 1))
	reply := new(string)
	call := client.Go("Work.Echo", "pipelined", reply, make(chan *rpc.Call, 1))
	fmt.Println("right token:", (<-login.Done).Error)
	fmt.Println("echo:", (<-call.Done).Error, *reply)
	echo(client, "known")
	fmt.Println("unknown:", client.Call("Work.Nothing", "x", new(string)))
	fmt.Println("denied:", client.Call("Work.Secret", "x", new(string)))
}

func echo(client *rpc.Client, text string) {
	var reply string
	err := client.Call("Work.Echo", text, &reply)
	fmt.Println("echo:", err, reply)
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
