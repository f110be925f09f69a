//! Prefixes: `parseCidr`, `cidrSubnet`, `cidrHost`.

use super::{Arguments, Given};
use crate::import::template::value;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::IpAddr;

fn prefix(arguments: Arguments<'_>) -> Result<IpNet, String> {
    let text = arguments.text(0)?;
    let prefix: Option<IpNet> = text.trim().parse().ok();
    prefix.map(|prefix| prefix.trunc()).ok_or_else(|| format!("`{text}` is no prefix"))
}

/// `parseCidr('10.0.0.0/24')`: addresses of the prefix by what they are for.
pub(super) fn parse(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let prefix = prefix(arguments)?;
    let (first, last) = (number(prefix.network()), number(prefix.broadcast()));
    let is_v4 = prefix.addr().is_ipv4();
    let is_small = prefix.max_prefix_len() - prefix.prefix_len() < 2;
    let (first_usable, last_usable) = match is_small {
        true => (first, last),
        false => (first.saturating_add(1), if is_v4 { last.saturating_sub(1) } else { last }),
    };
    let address = |number| value::text(address(number, is_v4).to_string());
    Ok(value::object(vec![
        ("network".into(), value::text(prefix.network().to_string())),
        ("netmask".into(), value::text(prefix.netmask().to_string())),
        ("broadcast".into(), value::text(prefix.broadcast().to_string())),
        ("firstUsable".into(), address(first_usable)),
        ("lastUsable".into(), address(last_usable)),
        ("cidr".into(), value::number(prefix.prefix_len())),
    ]))
}

/// `cidrSubnet(prefix, length, index)`.
pub(super) fn subnet(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let prefix = prefix(arguments)?;
    let length = u8::try_from(arguments.whole(1)?).map_err(|_| arguments.wrong())?;
    let index = u128::try_from(arguments.whole(2)?).map_err(|_| arguments.wrong())?;
    if length < prefix.prefix_len() || length > prefix.max_prefix_len() {
        return Err(format!("`{prefix}` has no part of length {length}"));
    }
    let size = prefix.max_prefix_len() - length;
    let count = u32::from(length - prefix.prefix_len());
    let offset = index.checked_shl(u32::from(size)).filter(|_| index >> count.min(127) == 0);
    let start = offset.and_then(|offset| number(prefix.network()).checked_add(offset));
    let start = start.ok_or_else(|| format!("`{prefix}` has no part {index}"))?;
    let found = match prefix {
        IpNet::V4(_) => u32::try_from(start)
            .ok()
            .and_then(|bits| Ipv4Net::new(bits.into(), length).ok())
            .map(IpNet::V4),
        IpNet::V6(_) => Ipv6Net::new(start.into(), length).ok().map(IpNet::V6),
    };
    found.map(|found| value::text(found.to_string())).ok_or_else(|| arguments.wrong())
}

/// `cidrHost(prefix, index)`: the usable addresses, counted from 0.
pub(super) fn host(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let prefix = prefix(arguments)?;
    let index = u128::try_from(arguments.whole(1)?).map_err(|_| arguments.wrong())?;
    let is_v4 = prefix.addr().is_ipv4();
    let found = number(prefix.network()).checked_add(index).and_then(|it| it.checked_add(1));
    let last = number(prefix.broadcast()).saturating_sub(u128::from(is_v4));
    let found = found.filter(|found| *found <= last);
    let found = found.ok_or_else(|| format!("`{prefix}` has no address {index}"))?;
    Ok(value::text(address(found, is_v4).to_string()))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn address(number: u128, is_v4: bool) -> IpAddr {
    match is_v4 {
        true => IpAddr::V4(u32::try_from(number).unwrap_or(u32::MAX).into()),
        false => IpAddr::V6(number.into()),
    }
}
