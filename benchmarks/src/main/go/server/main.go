// Program server serves Arith with Go's own net/rpc on a loopback port that the
// system picks. It prints "address HOST:PORT", answers each line "cpu" on its
// standard input with "cpu MICROSECONDS", and ends when its input does, so that
// it cannot outlive the runner.
package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"fmt"
	"log"
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"

	"netrpcbench/arith"
	"netrpcbench/selfsigned"
)

func main() {
	codec := flag.String("codec", "gob", "gob or json")
	secure := flag.Bool("tls", false, "whether to speak TLS")
	flag.Parse()
	server := rpc.NewServer()
	if err := server.Register(arith.Arith{}); err != nil {
		log.Fatal(err)
	}
	var serve func(net.Conn)
	switch *codec {
	case "gob":
		serve = func(conn net.Conn) { server.ServeConn(conn) }
	case "json":
		serve = func(conn net.Conn) { server.ServeCodec(jsonrpc.NewServerCodec(conn)) }
	default:
		log.Fatalf("-codec %s (expected: gob or json)", *codec)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if *secure {
		listener = tls.NewListener(listener, selfsigned.Server())
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go serve(conn)
		}
	}()
	fmt.Println("address", listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "cpu" {
			fmt.Println("cpu", arith.CPUMicros())
		}
	}
}
