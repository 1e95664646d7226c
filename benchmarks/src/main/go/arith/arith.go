// Package arith is what the server and the client share: the service, and the
// CPU time of a process.
package arith

import (
	"syscall"
	"time"
)

// Args is the argument of Arith.Add. The unexported field is the client's own;
// neither gob nor JSON sends it.
type Args struct {
	A, B int
	sent time.Duration
}

// Sent is when the call was sent, since a start of the client's choice.
func (a *Args) Sent() time.Duration { return a.sent }

// SetSent notes when the call was sent.
func (a *Args) SetSent(t time.Duration) { a.sent = t }

// Reply is the result of Arith.Add.
type Reply struct {
	C int
}

// Arith is the service.
type Arith struct{}

// Add adds.
func (Arith) Add(args *Args, reply *Reply) error {
	reply.C = args.A + args.B
	return nil
}

// CPUMicros is the CPU time that this process has used, user and system.
func CPUMicros() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}
