package nabootsing

import (
	"testing"
)

// cases are the cases of the FSC test suite that the stand-in covers, by
// their ids. docs/nabootsing.md lists them, and those that it does not cover.
var cases = []struct {
	id  string
	run func(t *testing.T)
}{
	{"Outway-IncomingRequest-1", outwayIncomingRequest1},
	{"Outway-IncomingRequest-2", outwayIncomingRequest2},
	{"Outway-IncomingRequest-3", outwayIncomingRequest3},
	{"Outway-TransactionLog-1", outwayTransactionLog1},
	{"Outway-TransactionLog-2", outwayTransactionLog2},
	{"Outway-TransactionLog-5", outwayTransactionLog5},
	{"Inway-Incoming-Request-1", inwayIncomingRequest1},
	{"Inway-Incoming-Request-2", inwayIncomingRequest2},
	{"Inway-Incoming-Request-3", inwayIncomingRequest3},
	{"Inway-Incoming-Request-4", inwayIncomingRequest4},
	{"Inway-Incoming-Request-5", inwayIncomingRequest5},
	{"Inway-Incoming-Request-6", inwayIncomingRequest6},
	{"Inway-TransactionLog-1", inwayTransactionLog1},
	{"Inway-TransactionLog-2", inwayTransactionLog2},
	{"Inway-TransactionLog-3", inwayTransactionLog3},
	{"Inway-TransactionLog-6", inwayTransactionLog6},
	{"Integration-ConsumeService-1", integrationConsumeService1},
	{"Integration-ConsumeService-2", integrationConsumeService2},
	{"Integration-TransactionLog-1", integrationTransactionLog1},
	{"Manager-GetToken-1", managerGetToken1},
	{"Manager-GetToken-2", managerGetToken2},
	{"Manager-GetToken-3", managerGetToken3},
	{"Manager-GetToken-4", managerGetToken4},
	{"Manager-GetToken-5", managerGetToken5},
	{"Manager-GetToken-8", managerGetToken8},
	{"Manager-GetToken-9", managerGetToken9},
	{"Manager-JSONWebKeySet-1", managerJSONWebKeySet1},
}

func TestFSC(t *testing.T) {
	for _, c := range cases {
		t.Run(c.id, c.run)
	}
}
