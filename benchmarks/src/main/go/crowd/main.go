// Program crowd opens many connections to one node, from several addresses of
// loopback:
//
//	-kind=idle     a stock rpc.Client each, one call each, then nothing
//	-kind=half     half of a request each, then a byte every two seconds
//	-kind=garbage  what no peer says, as fast as it goes, again and again
//
// It prints "ready" when all connections are there, and has all of "garbage"
// begin then. The others print {…} when nothing more can happen: "half" when the
// node has closed every connection. A line "report" on its input has it print
// {…} as well. It ends when its input does.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/gob"
	"flag"
	"io"
	"log"
	"math/rand"
	"net"
	"net/rpc"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"netrpcbench/selfsigned"
	"netrpcbench/work"
)

const (
	trickle = 2 * time.Second
	limit   = 30 * time.Second
	openers = 16
)

var (
	address = flag.String("address", "", "HOST:PORT of the node")
	count   = flag.Int("count", 100, "how many connections")
	kind    = flag.String("kind", "idle", "idle, half or garbage")
	secure  = flag.Bool("tls", false, "whether to speak TLS")
)

func main() {
	flag.Parse()
	var report func() any
	switch *kind {
	case "idle":
		open(idle)
		report = func() any { return struct{}{} }
		work.Print("ready")
	case "half":
		half()
		return
	case "garbage":
		report = garbage()
	default:
		log.Fatalf("-kind %s (expected: idle, half or garbage)", *kind)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "report" {
			work.PrintJSON(report())
		}
	}
}

// open has a few goroutines begin all connections.
func open(begin func(i int)) {
	var next int64 = -1
	var group sync.WaitGroup
	for n := 0; n < openers; n++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := int(atomic.AddInt64(&next, 1)); i < *count; i = int(atomic.AddInt64(&next, 1)) {
				begin(i)
			}
		}()
	}
	group.Wait()
}

// dial connects from one of eight addresses, so that ports do not run out.
func dial(i int) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 9, byte(1+i%8))}}
	if *secure {
		return tls.DialWithDialer(&dialer, "tcp", *address, selfsigned.Client())
	}
	return dialer.Dial("tcp", *address)
}

var idlers struct {
	sync.Mutex
	clients []*rpc.Client
}

func idle(i int) {
	conn, err := dial(i)
	if err != nil {
		log.Fatal(err)
	}
	client := rpc.NewClient(conn)
	err = client.Call(work.Read, &work.Task{Token: int64(i + 1)}, new(work.Done))
	if _, refused := err.(rpc.ServerError); err != nil && !refused {
		log.Fatal(err) // a busy node may refuse a call, but must not end a connection
	}
	idlers.Lock()
	defer idlers.Unlock()
	idlers.clients = append(idlers.clients, client)
}

// closed is when the node has closed connections, since their first byte, or
// since the first byte of the second request.
type closed struct {
	Connections int     `json:"connections"`
	Open        int     `json:"open"`
	Median      float64 `json:"medianSeconds"`
	Last        float64 `json:"lastSeconds"`
}

func half() {
	first, second := requests()
	kinds := [][]byte{
		first,
		[]byte(`{"method":"Work.Read","params":[{"Token":1,"Micros":0,"Size":0}],"id":0}`),
		[]byte("CONNECT /_goRPC_ HTTP/1.0\r\nHost: localhost\r\nUser-Agent: half\r\nAccept: text/plain\r\n\r\n"),
		second,
	}
	conns := make([]net.Conn, *count)
	open(func(i int) {
		conn, err := dial(i)
		if err != nil {
			log.Fatal(err)
		}
		if isLater(i) {
			if _, err := conn.Write(first); err != nil {
				log.Fatal(err)
			}
			if _, err := conn.Read(make([]byte, 4096)); err != nil {
				log.Fatal(err)
			}
		}
		conns[i] = conn
	})
	work.Print("ready")
	var mutex sync.Mutex
	var early, later []float64
	var group sync.WaitGroup
	for i, conn := range conns {
		group.Add(1)
		go func(i int, conn net.Conn) {
			defer group.Done()
			seconds := say(conn, kinds[i%len(kinds)])
			mutex.Lock()
			defer mutex.Unlock()
			if isLater(i) {
				later = append(later, seconds)
			} else {
				early = append(early, seconds)
			}
		}(i, conn)
	}
	group.Wait()
	work.PrintJSON(map[string]closed{"first": summary(early), "later": summary(later)})
	io.Copy(io.Discard, os.Stdin)
}

// isLater is whether a connection says its second request by halves.
func isLater(i int) bool { return i%4 == 3 }

// requests are two requests as a stock client sends them on one connection.
func requests() (first, second []byte) {
	var buffer bytes.Buffer
	encoder := gob.NewEncoder(&buffer)
	for _, request := range []*[]byte{&first, &second} {
		encoder.Encode(&rpc.Request{ServiceMethod: work.Read, Seq: 1})
		encoder.Encode(&work.Task{Token: 1})
		*request = append([]byte(nil), buffer.Bytes()...)
		buffer.Reset()
	}
	return
}

// say sends half of a request and then a byte at a time, and returns after how
// many seconds the node has closed the connection.
func say(conn net.Conn, request []byte) float64 {
	begin := time.Now()
	next := len(request) / 2
	conn.Write(request[:next])
	go func() {
		for ticks := time.Tick(trickle); next < len(request)-1; next++ {
			<-ticks
			if _, err := conn.Write(request[next : next+1]); err != nil {
				return
			}
		}
	}()
	conn.SetReadDeadline(begin.Add(limit))
	_, err := io.Copy(io.Discard, conn)
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
		return -1
	}
	seconds := time.Since(begin).Seconds()
	conn.Close()
	return seconds
}

func summary(seconds []float64) closed {
	result := closed{Connections: len(seconds)}
	sort.Float64s(seconds)
	for len(seconds) > 0 && seconds[0] < 0 {
		result.Open++
		seconds = seconds[1:]
	}
	if len(seconds) > 0 {
		result.Median = seconds[len(seconds)/2]
		result.Last = seconds[len(seconds)-1]
	}
	return result
}

// flood is what "garbage" has done.
type flood struct {
	Connections int64 `json:"connections"`
	Bytes       int64 `json:"bytes"`
}

func garbage() func() any {
	first, _ := requests()
	var done flood
	var group sync.WaitGroup
	group.Add(1)
	for i := 0; i < *count; i++ {
		go func(i int) {
			group.Wait()
			random := rand.New(rand.NewSource(int64(i + 1)))
			piece := make([]byte, 64<<10)
			for {
				random.Read(piece)
				begin(piece, first, random.Intn(5))
				conn, err := dial(i)
				if err != nil {
					time.Sleep(time.Millisecond)
					continue
				}
				atomic.AddInt64(&done.Connections, 1)
				atomic.AddInt64(&done.Bytes, pour(conn, piece))
				// Without what TIME_WAIT would keep of the port
				if tcp, ok := conn.(*net.TCPConn); ok {
					tcp.SetLinger(0)
				}
				conn.Close()
			}
		}(i)
	}
	work.Print("ready")
	group.Done()
	return func() any {
		return flood{atomic.LoadInt64(&done.Connections), atomic.LoadInt64(&done.Bytes)}
	}
}

// begin has garbage begin like something that is meant.
func begin(piece, request []byte, like int) {
	switch like {
	case 0:
		copy(piece, request)
	case 1:
		copy(piece, `{"method":"Work.Read","params":[[[[[`)
	case 2:
		copy(piece, "CONNECT /_goRPC_ HTTP/1.0\r\n")
	case 3:
		copy(piece, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	}
}

// pour sends a piece again and again until the node has enough.
func pour(conn net.Conn, piece []byte) (sent int64) {
	conn.SetDeadline(time.Now().Add(time.Second))
	for {
		n, err := conn.Write(piece)
		sent += int64(n)
		if err != nil {
			return
		}
	}
}
