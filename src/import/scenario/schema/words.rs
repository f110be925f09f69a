//! The words that stand under some names.

use crate::answer::{CautionKind, Reason, Symptom};
use crate::azure::{ApplianceKind, DeviceRequirement};
use crate::net::Protocol;
use crate::scenario::ControlPlane;

pub(super) fn protocols() -> Vec<&'static str> {
    Protocol::ALL.map(super::asked::protocol_word).into()
}

pub(super) fn protocols_or_any() -> Vec<&'static str> {
    protocols().into_iter().chain([super::asked::ANY]).collect()
}

pub(super) fn verdicts() -> Vec<&'static str> {
    super::asked::VERDICTS.map(|(word, _)| word).into()
}

pub(super) fn reasons() -> Vec<&'static str> {
    Reason::ALL.iter().map(|reason| reason.code()).collect()
}

pub(super) fn symptoms() -> Vec<&'static str> {
    Symptom::ALL.map(Symptom::code).into()
}

pub(super) fn cautions() -> Vec<&'static str> {
    CautionKind::ALL.map(CautionKind::code).into()
}

pub(super) fn services() -> Vec<&'static str> {
    ControlPlane::ALL.map(ControlPlane::name).into()
}

pub(super) fn clients() -> Vec<&'static str> {
    super::asked::CLIENTS.map(|(word, _)| word).into()
}

pub(super) fn appliance_kinds() -> Vec<&'static str> {
    ApplianceKind::WORDS.map(|(word, _)| word).into()
}

pub(super) fn requirements() -> Vec<&'static str> {
    DeviceRequirement::WORDS.map(|(word, _)| word).into()
}
