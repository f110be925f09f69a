//! Just-in-time requests (R436, R437).

use super::ask::{plane, tcp};
use hopwise::answer::{Reason, Verdict};

/// A machine whose port 22 a policy guards, and a request for it that has a `status`.
fn network(status: &str) -> String {
    format!(
        "clock: 2026-11-25T10:00:00Z
network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}]}}]
  networkSecurityGroups: [{{name: g, securityRules: []}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 198.51.100.20}}]
  virtualMachines: [{{name: jump, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}}]
  jitNetworkAccessPolicies:
    - name: p
      virtualMachines: [{{id: jump, ports: [{{number: 22, protocol: TCP, allowedSourceAddressPrefix: '*', maxRequestAccessDuration: PT3H}}]}}]
      requests: [{{startTimeUtc: 2026-11-25T09:30:00Z, requestor: me, virtualMachines: [{{id: jump, ports: [{{number: 22, allowedSourceAddressPrefix: 203.0.113.10, endTimeUtc: 2026-11-25T12:30:00Z{status}}}]}}]}}]
internet: {{hosts: [{{name: laptop, ipAddress: 203.0.113.10}}]}}
"
    )
}

#[test]
fn a_request_that_was_revoked_opens_nothing() {
    for open in ["", ", status: Initiated, statusReason: NewlyInitiated"] {
        assert_eq!(tcp(&plane(&network(open)), "laptop", "pip:22").verdict, Verdict::Reachable);
    }
    let revoked = network(", status: Revoked, statusReason: UserRequested");
    let answer = tcp(&plane(&revoked), "laptop", "pip:22");
    assert_eq!((answer.verdict, answer.reason), (Verdict::Unreachable, Some(Reason::DeniedByRule)));
}
