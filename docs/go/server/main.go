// A stock Go server with the service of demo-arith-server, for Java clients:
//
//	go run docs/go/server/main.go [HOST:PORT]
//	./mvnw -pl demo-arith-client -am spring-boot:run -Dspring-boot.run.arguments=--rpc.client.channel.arith.target=127.0.0.1:1234
//
// It speaks gob only, as rpc.Accept does, also to docs/go/client:
//
//	go run docs/go/client/main.go 127.0.0.1:1234 gob
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"net/rpc"
	"os"
)

type Args struct{ A, B int }

type Reply struct{ C int }

type Quotient struct{ Quo, Rem int }

type Arith struct{}

func (Arith) Add(args *Args, reply *Reply) error {
	reply.C = args.A + args.B
	return nil
}

func (Arith) Multiply(args *Args, reply *Reply) error {
	reply.C = args.A * args.B
	return nil
}

func (Arith) Divide(args *Args, quo *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	quo.Quo, quo.Rem = args.A/args.B, args.A%args.B
	return nil
}

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:1234"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	if err := rpc.Register(Arith{}); err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Go server on", l.Addr())
	rpc.Accept(l)
}
