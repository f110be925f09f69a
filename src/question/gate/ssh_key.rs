//! One of the principal's SSH keys fits: the private half is on the client, the public half on the
//! machine.

use super::Scene;
use super::finding::{by, fails, holds, mended_by, nobody, unsure};
use crate::answer::{GateAnswer, ItemKind, Reason, Remedy};
use crate::azure::{Principal, SshKey, VirtualMachine};
use crate::question::locate::{self, Refusal};

const KIND: &str = "sshKey";
/// That three failures are told apart: name, packet, refusal by what answers.
const RULES: &[u16] = &[474];

pub(super) fn judge(scene: &Scene<'_>, machine: &str) -> Result<Vec<GateAnswer>, Refusal> {
    let machine = locate::machine(scene.network(), machine)?;
    let machine = &scene.network().virtual_machines[machine];
    let Some(principal) = scene.acting() else { return Ok(vec![nobody(KIND, RULES)]) };
    let (Some(own), Some(accepted)) = (&principal.ssh_keys, &machine.ssh_public_keys) else {
        return Ok(vec![not_given(scene, principal, machine)]);
    };
    let fitting = |key: &&SshKey| accepted.iter().any(|public| is_same(public, &key.public_key));
    Ok(vec![match own.iter().find(fitting) {
        Some(key) => private_half(scene, principal, machine, key),
        None => {
            let name = machine.meta.name();
            let text = format!("{name} has no public key of {} in authorized_keys", scene.who());
            let item = scene.item(ItemKind::VirtualMachine, &machine.meta);
            let missing = fails(KIND, Reason::KeyMissing, text, RULES);
            let machine = machine.meta.id.clone();
            by(
                item,
                match own.first() {
                    Some(key) => mended_by(
                        Remedy::PublicKey { machine, key: key.public_key.to_string() },
                        missing,
                    ),
                    None => missing,
                },
            )
        }
    }])
}

/// Keys are equal when type and data are; the comment does not matter.
fn is_same(one: &str, other: &str) -> bool {
    let parts =
        |key: &str| -> Vec<String> { key.split_whitespace().take(2).map(str::to_owned).collect() };
    let one = parts(one);
    one.len() == 2 && one == parts(other)
}

fn private_half(
    scene: &Scene<'_>,
    principal: &Principal,
    machine: &VirtualMachine,
    key: &SshKey,
) -> GateAnswer {
    let item = scene.part(ItemKind::Principal, &key.name, &principal.meta.id, &key.origin);
    by(
        item,
        match &key.private_key_path {
            Some(path) => {
                let text = format!(
                    "{} accepts {}, whose private key is {path}",
                    machine.meta.name(),
                    key.name
                );
                holds(KIND, text, RULES)
            }
            None => {
                let text = format!(
                    "{} accepts {}, but its private key is not on the client",
                    machine.meta.name(),
                    key.name
                );
                let principal = principal.meta.id.clone();
                let remedy = Remedy::PrivateKey { principal, key: key.name.to_string() };
                mended_by(remedy, fails(KIND, Reason::KeyMissing, text, RULES))
            }
        },
    )
}

fn not_given(scene: &Scene<'_>, principal: &Principal, machine: &VirtualMachine) -> GateAnswer {
    let text = match principal.ssh_keys {
        None => format!("which SSH keys {} has is not given", scene.who()),
        Some(_) => format!("which public keys {} accepts is not given", machine.meta.name()),
    };
    unsure(KIND, Reason::NotGiven, text, RULES)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn comments_of_keys_do_not_matter() {
        assert!(is_same("ssh-ed25519 AAAA me@here", "ssh-ed25519  AAAA"));
        assert!(!is_same("ssh-ed25519 AAAA", "ssh-ed25519 BBBB"));
        assert!(!is_same("ssh-ed25519", "ssh-ed25519"));
    }
}
