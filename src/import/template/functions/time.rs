//! Time, and what every deployment makes anew.

use super::{Arguments, Given};
use crate::import::template::value;
use crate::import::template::value::only_deployed;

/// The clock and chance belong to the deployment.
pub(super) fn not_known(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    // A token: names made of it are still names.
    let shown = format!("{}()", arguments.name);
    let unknown = only_deployed(&shown);
    Ok(value::node(value::token(&shown, unknown.as_str(), value::Secrecy::NotGiven)))
}

/// Seconds since 1970 as a time of ISO 8601.
pub(super) fn from_epoch(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let time = jiff::Timestamp::from_second(arguments.whole(0)?);
    let time = time.map_err(|_| arguments.wrong())?;
    Ok(value::text(time.to_string()))
}

/// A time of ISO 8601 as seconds since 1970.
pub(super) fn to_epoch(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let time: Option<jiff::Timestamp> = arguments.text(0)?.parse().ok();
    let time = time.ok_or_else(|| arguments.wrong())?;
    Ok(value::from_whole(time.as_second()))
}
