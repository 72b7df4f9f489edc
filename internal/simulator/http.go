package simulator

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// ServeHTTP serves a request over a socket. A request without a response loses its
// connection.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := c.respond(r.Context(), r)
	if errors.Is(err, errReset) {
		reset(w)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // closes the connection without a response
	}

	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	body := a.body
	if a.truncate {
		body = body[:len(body)/2]
	}
	w.WriteHeader(a.status)
	// Writing fails if the client has closed the connection, which does not matter to
	// the service.
	_, _ = w.Write(body)
	if a.truncate {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// reset makes the connection close with RST instead of FIN.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // HTTP/2 and recorders have no connection to hijack; the caller aborts
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
