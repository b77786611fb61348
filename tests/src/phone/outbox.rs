//! A phone's outbox: what waits, as a locked phone sends it, which cannot read it.

use super::Phone;
use anyhow::{Context as _, ensure};
use doorstep_core::{
    api::{Delivered, Delivery},
    id::{AppointmentId, PhotoId},
    rescue::{BUNDLE_END, BUNDLE_HEADER, Item},
    session::RescueCopy,
};
use doorstep_server::evidence;
use reqwest::Method;

/// Copies of one request. What is of one visit stays together: its changes follow each other.
const AT_ONCE: usize = 40;

/// One thing that waits.
#[derive(Clone, Debug)]
pub struct Outgoing {
    item: Item,
    /// Of a photo it is the envelope that lies in its own row.
    sealed: Option<Vec<u8>>,
    is_sent: bool,
}

impl Phone {
    /// Seals copies to their days, beside the rows they are of.
    pub(super) fn keep_copies(&mut self, copies: Vec<RescueCopy>) -> anyhow::Result<()> {
        for RescueCopy { place, key, plain, .. } in copies {
            let item = item_at(&place)?;
            let sealed = evidence::seal_copy(&key, self.device.id, &item, &plain, self.dice.bytes())?;
            self.disk.outbox.insert(place, Outgoing { item, sealed: Some(sealed), is_sent: false });
        }
        Ok(())
    }

    pub(super) fn keep_photo_copy(&mut self, appointment: AppointmentId, photo: PhotoId) {
        let item = Item::Photo(appointment, photo);
        self.disk.outbox.insert(item.place(), Outgoing { item, sealed: None, is_sent: false });
    }

    /// One round over everything that waits, with the store key nowhere: words in bundles, then photos. Nothing leaves
    /// the disk; what the server has taken is marked. Answers what is left.
    pub async fn send_outbox(&mut self) -> anyhow::Result<Vec<Item>> {
        // Who died over it is started again, and finds what is marked.
        self.is_dead = false;
        let waiting = |phone: &Self| -> Vec<Outgoing> {
            phone.disk.outbox.values().filter(|one| !one.is_sent).cloned().collect()
        };
        let left = |phone: &Self| waiting(phone).into_iter().map(|one| one.item).collect();
        let mut words: Vec<_> = waiting(self).into_iter().filter(|one| one.sealed.is_some()).collect();
        words.sort_by_key(|one| one.item.appointment());
        while !words.is_empty() {
            let more = words[words.len().min(AT_ONCE)..].first().map(|one| one.item.appointment());
            let end = match more {
                Some(next) => {
                    words.iter().position(|one| one.item.appointment() == next).filter(|at| *at > 0)
                }
                None => None,
            };
            let some: Vec<_> = words.drain(..end.unwrap_or(words.len())).collect();
            let request = self.request(Method::POST, "/api/rescue").body(self.bundle(&some)?);
            let Ok(answer) = self.send("rescue", request).await? else { return Ok(left(self)) };
            let delivery: Delivery = answer.json().await?;
            for one in delivery.items {
                ensure!(one.outcome != Delivered::Refused, "{} was refused: {:?}", one.place, one.code);
                self.mark_sent(&one.place);
            }
        }
        for one in waiting(self) {
            let Item::Photo(appointment, photo) = one.item else { continue };
            if self.upload(photo, appointment).await?.is_ok() {
                self.mark_sent(&one.item.place());
            }
        }
        Ok(left(self))
    }

    fn mark_sent(&mut self, place: &str) {
        if let Some(one) = self.disk.outbox.get_mut(place) {
            one.is_sent = true;
        }
    }

    /// On a bad link it may end anywhere.
    fn bundle(&mut self, outgoing: &[Outgoing]) -> anyhow::Result<Vec<u8>> {
        let mut bundle = [&BUNDLE_HEADER[..], self.device.id.as_bytes()].concat();
        for Outgoing { item, sealed, .. } in outgoing {
            let sealed = sealed.as_deref().unwrap_or_default();
            bundle.extend(item.name());
            bundle.extend(u32::try_from(sealed.len())?.to_be_bytes());
            bundle.extend(sealed);
        }
        bundle.push(BUNDLE_END);
        if self.by_chance(self.faults.bad_link) {
            let from = BUNDLE_HEADER.len() + 16;
            let end = from + usize::try_from(self.dice.roll((bundle.len() - from) as u64))?;
            bundle.truncate(end);
        }
        Ok(bundle)
    }
}

fn item_at(place: &str) -> anyhow::Result<Item> {
    let mut parts = place.split('/');
    let mut next = || parts.next().with_context(|| format!("{place} is no place of a copy"));
    Ok(match next()? {
        "change" => Item::Change(next()?.parse()?, next()?.parse()?),
        "record" => Item::Record(next()?.parse()?, next()?.parse()?),
        other => anyhow::bail!("copies of {other} are not known here"),
    })
}
