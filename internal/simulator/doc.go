// Package simulator is a stand-in for the Huawei Cloud services that the provider talks to: FunctionGraph's workflows
// and their executions, IAM's project lookup, and what gives temporary keys: IAM, STS and the metadata service of an
// ECS instance. Tests, the demo and the benchmarks run against it.
//
//	srv := simulator.Start(t, simulator.Config{})
//	srv.AddWorkflow("48aff955-ea10-4ffd-b426-190bc192dc14", simulator.Seed(401, time.Now(), time.Minute, 1)...)
//	srv.Script(simulator.Throttled("1 minute"))
//	// … let a client read from srv.URL …
//	srv.Requests()
//
// The service accepts the key pair of [Config], and the temporary keys and tokens that it has issued itself, until they
// end. [Agency] says who may become whom, and who reads which projects. [Request] records who signed.
//
// It behaves as the service is documented to: pages of at most 200 rows, a window of three days, signatures and dates
// checked, errors in the service's shapes. What the documentation leaves open is a switch in [Behaviour]. What can go
// wrong on the way is a [Fault].
//
// It shares no code with the client on purpose: a wrong JSON name or a wrong signature there must show here.
//
// A request passes through: receive (route, check of the signature, log), the OnRequest hook, a scripted fault if one
// is due, and the operation itself. The operations are listed in the table in routes.go.
package simulator
