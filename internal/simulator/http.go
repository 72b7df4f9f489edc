package simulator

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// ServeHTTP answers one request over a socket. A request that is to get no answer loses its connection.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := c.respond(r.Context(), r)
	if errors.Is(err, errReset) {
		reset(w)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // closes the connection without a word
	}

	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	body := a.body
	if a.cut {
		body = body[:len(body)/2]
	}
	w.WriteHeader(a.status)
	// Writing fails when the client has gone, which is no concern of the service.
	_, _ = w.Write(body)
	if a.cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// reset makes closing the connection send RST instead of FIN.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // HTTP/2 and recorders have no connection to take; the caller aborts
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
