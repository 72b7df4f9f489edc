// Package simulator simulates the Huawei Cloud services that the provider uses:
// FunctionGraph's workflows and their executions, IAM's project lookup, and the
// sources of temporary keys (IAM, STS and the metadata service of an ECS
// instance). Tests, the demo and the benchmarks run against it.
//
//	srv := simulator.Start(t, simulator.Config{})
//	srv.AddWorkflow("48aff955-ea10-4ffd-b426-190bc192dc14", simulator.Seed(401, time.Now(), time.Minute, 1)...)
//	srv.Script(simulator.Throttled("1 minute"))
//	// … let a client read from srv.URL …
//	srv.Requests()
//
// The service accepts the key pair of [Config], and the temporary keys and tokens
// that it has issued, until they expire. [Agency] describes who can assume which
// agency and who reads which projects. [Request] records the caller.
//
// It behaves as documented: it serves pages of at most 200 rows and a window of
// three days, checks signatures and dates, and sends errors in the services'
// shapes. [Behaviour] has a switch for each question that the documentation leaves
// open. A [Fault] is a fault of a request.
//
// It shares no code with the client, so that a wrong JSON name or a wrong
// signature in the client shows here.
//
// The steps of a request are: receive (route, signature check, record), the
// OnRequest hook, a scripted fault, and the operation. The table in routes.go
// lists the operations.
package simulator
