// Program extended speaks net/rpc with the header fields that the superset adds,
// to prove that their kinds are what Go takes them for.
//
//	extended -serve                      a server that knows the fields, gob only
//	extended -serve -stock -codec gob    a stock server; what it is sent is decoded a second time
//	extended -call 127.0.0.1:7001        a client that knows the fields, gob only
//
// Each header that it reads is a line of JSON on standard output. A server prints
// its address first, and ends when its standard input does; it listens on loopback
// only and serves the services of package api.
package main

import (
	"bufio"
	"encoding/gob"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"gorpcinterop/api"
)

// Request is rpc.Request and ours.
type Request struct {
	ServiceMethod string
	Seq           uint64
	TimeLeft      int64
	Meta          map[string]string
}

// Response is rpc.Response and ours.
type Response struct {
	ServiceMethod string
	Seq           uint64
	Error         string
	Code          uint
	Known         uint
	Absent        bool
	Meta          map[string]string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("extended: ")
	serve := flag.Bool("serve", false, "be a server")
	stock := flag.Bool("stock", false, "serve as Go does")
	codec := flag.String("codec", "gob", "gob, jsonrpc or http")
	call := flag.String("call", "", "be a client of the server at this `address`")
	stockReplies := flag.Bool("stockreplies", false, "read replies with Go's own Response")
	flag.Parse()
	time.AfterFunc(10*time.Minute, func() { os.Exit(0) })
	switch {
	case *serve:
		server(*codec, *stock)
	case *call != "":
		client(*call, *stockReplies)
	default:
		log.Fatal("give -serve or -call")
	}
}

var printing sync.Mutex

func show(v interface{}) {
	line, err := json.Marshal(v)
	if err != nil {
		log.Fatal(err)
	}
	printing.Lock()
	fmt.Println(string(line))
	printing.Unlock()
}

// ---- servers

func server(codec string, stock bool) {
	srv, err := api.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		switch {
		case stock:
			go serveStock(srv, conn, codec)
		default:
			buf := bufio.NewWriter(conn)
			go srv.ServeCodec(&gobServerCodec{conn: conn, dec: gob.NewDecoder(conn), enc: gob.NewEncoder(buf), buf: buf,
				meta: map[uint64]map[string]string{}})
		}
	}
}

// serveStock lets Go's own server have the connection, and decodes what it reads.
func serveStock(srv *rpc.Server, conn net.Conn, codec string) {
	in, copied := io.Pipe()
	tee := &teeConn{Conn: conn, copied: copied}
	if codec == "http" {
		// As rpc.Server.ServeHTTP, whose connection cannot be had
		req, err := http.ReadRequest(bufio.NewReader(&oneByte{conn}))
		if err != nil || req.Method != "CONNECT" || req.URL.Path != rpc.DefaultRPCPath {
			log.Fatal("no CONNECT: ", req, err)
		}
		io.WriteString(conn, "HTTP/1.0 200 Connected to Go RPC\n\n")
	}
	if codec == "jsonrpc" {
		go func() {
			dec := json.NewDecoder(in)
			for {
				var r struct {
					Method   string
					ID       uint64
					TimeLeft *int64
					Meta     map[string]string
				}
				if dec.Decode(&r) != nil {
					io.Copy(io.Discard, in)
					return
				}
				left := int64(-1)
				if r.TimeLeft != nil {
					left = *r.TimeLeft
				}
				show(Request{r.Method, r.ID, left, r.Meta})
			}
		}()
		srv.ServeCodec(jsonrpc.NewServerCodec(tee))
	} else {
		go func() {
			dec := gob.NewDecoder(in)
			for {
				var r Request
				if dec.Decode(&r) != nil || dec.DecodeValue(reflect.Value{}) != nil {
					io.Copy(io.Discard, in)
					return
				}
				show(r)
			}
		}()
		srv.ServeConn(tee)
	}
	copied.Close()
}

// oneByte keeps the reader of the CONNECT request from taking what follows it.
type oneByte struct{ io.Reader }

func (o *oneByte) Read(p []byte) (int, error) { return o.Reader.Read(p[:1]) }

type teeConn struct {
	net.Conn
	copied *io.PipeWriter
}

func (t *teeConn) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.copied.Write(p[:n])
	return n, err
}

// gobServerCodec knows the fields. Like ours it sends them only after the client has.
type gobServerCodec struct {
	conn     io.Closer
	dec      *gob.Decoder
	enc      *gob.Encoder
	buf      *bufio.Writer
	mu       sync.Mutex
	extended bool
	meta     map[uint64]map[string]string
}

func (c *gobServerCodec) ReadRequestHeader(r *rpc.Request) error {
	var own Request
	if err := c.dec.Decode(&own); err != nil {
		return err
	}
	show(own)
	r.ServiceMethod, r.Seq = own.ServiceMethod, own.Seq
	c.mu.Lock()
	defer c.mu.Unlock()
	if own.TimeLeft != 0 || own.Meta != nil {
		c.extended = true
	}
	c.meta[own.Seq] = own.Meta
	if text, ok := own.Meta["notice"]; ok {
		c.write(Response{Seq: math.MaxUint64, Meta: map[string]string{"drain": text}}, struct{}{})
	}
	return nil
}

func (c *gobServerCodec) ReadRequestBody(body interface{}) error { return c.dec.Decode(body) }

func (c *gobServerCodec) WriteResponse(r *rpc.Response, body interface{}) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.extended {
		return c.write(r, body)
	}
	own := Response{ServiceMethod: r.ServiceMethod, Seq: r.Seq, Error: r.Error, Meta: c.meta[r.Seq]}
	own.Code, own.Known = outcome(r.Error)
	if s, ok := body.(*string); ok && *s == "" {
		own.Absent = true
	}
	return c.write(own, body)
}

func (c *gobServerCodec) write(header, body interface{}) error {
	if err := c.enc.Encode(header); err != nil {
		return err
	}
	if err := c.enc.Encode(body); err != nil {
		return err
	}
	return c.buf.Flush()
}

func (c *gobServerCodec) Close() error { return c.conn.Close() }

func outcome(text string) (code, known uint) {
	switch {
	case text == "":
		return 0, 0
	case strings.HasPrefix(text, "rpc: can't find"):
		return 12, 1
	case text == "divide by zero":
		return 3, 2
	default:
		return 4, 0
	}
}

// ---- client

// clientCodec sends the fields with every call but the first.
type clientCodec struct {
	conn         io.Closer
	dec          *gob.Decoder
	enc          *gob.Encoder
	buf          *bufio.Writer
	stockReplies bool
	timeLeft     int64
	meta         map[string]string
}

func (c *clientCodec) WriteRequest(r *rpc.Request, body interface{}) error {
	var header interface{} = r
	if c.timeLeft != 0 || c.meta != nil {
		header = Request{r.ServiceMethod, r.Seq, c.timeLeft, c.meta}
	}
	if err := c.enc.Encode(header); err != nil {
		return err
	}
	if err := c.enc.Encode(body); err != nil {
		return err
	}
	return c.buf.Flush()
}

func (c *clientCodec) ReadResponseHeader(r *rpc.Response) error {
	if c.stockReplies {
		if err := c.dec.Decode(r); err != nil {
			return err
		}
		show(r)
		return nil
	}
	var own Response
	if err := c.dec.Decode(&own); err != nil {
		return err
	}
	show(own)
	r.ServiceMethod, r.Seq, r.Error = own.ServiceMethod, own.Seq, own.Error
	return nil
}

func (c *clientCodec) ReadResponseBody(body interface{}) error { return c.dec.Decode(body) }

func (c *clientCodec) Close() error { return c.conn.Close() }

func client(addr string, stockReplies bool) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	buf := bufio.NewWriter(conn)
	codec := &clientCodec{conn: conn, dec: gob.NewDecoder(conn), enc: gob.NewEncoder(buf), buf: buf, stockReplies: stockReplies}
	c := rpc.NewClientWithCodec(codec)
	call := func(method string, timeLeft time.Duration, meta map[string]string, args, reply interface{}) {
		codec.timeLeft, codec.meta = int64(timeLeft), meta
		err := c.Call(method, args, reply)
		text := "ok"
		if err != nil {
			text = err.Error()
		}
		show(map[string]interface{}{"method": method, "outcome": text, "reply": reply})
	}
	var n int
	var s string
	call("Arith.Add", 0, nil, api.Args{A: 7, B: 8}, &n)
	call("Arith.Add", 5*time.Second, map[string]string{"tenant": "acme"}, api.Args{A: 1, B: 2}, &n)
	call("Arith.Divide", 5*time.Second, nil, api.Args{A: 1}, new(api.Quotient))
	call("Arith.Nothing", 0, map[string]string{"tenant": "acme"}, api.Args{A: 1}, &n)
	call("Maybe.Find", 5*time.Second, nil, "unknown", &s)
	call("Maybe.Find", 5*time.Second, nil, "", &s)
	call("Maybe.Left", math.MaxInt64, map[string]string{"tenant": "Straße", "": "empty"}, struct{}{}, &s)
	call("Arith.Add", time.Second, map[string]string{"big": strings.Repeat("x", 9000)}, api.Args{A: 1, B: 2}, &n)
	call("Arith.Add", -time.Second, nil, api.Args{A: 1, B: 2}, &n)
	call("Arith.Add", 0, nil, api.Args{A: 3, B: 4}, &n)
	c.Close()
}
