// A stock Go server with the services of demo-arith-server, for Java clients:
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

// Range is what lies between From (included) and To (not included).
type Range struct{ From, To int }

type Primes struct{}

func (Primes) Count(r *Range, count *int) error {
	for n := r.From; n < r.To; n++ {
		if isPrime(n) {
			*count++
		}
	}
	return nil
}

func isPrime(n int) bool {
	if n < 4 {
		return n > 1
	}
	if n%2 == 0 || n%3 == 0 {
		return false
	}
	for d := 5; d*d <= n; d += 6 {
		if n%d == 0 || n%(d+2) == 0 {
			return false
		}
	}
	return true
}

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:1234"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	for _, service := range []any{Arith{}, Primes{}} {
		if err := rpc.Register(service); err != nil {
			log.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Go server on", l.Addr())
	rpc.Accept(l)
}
