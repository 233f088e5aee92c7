//! Share links, and what goes with them.

use super::inputs::Inputs;
use super::{Answered, Step};
use crate::api::{Query, ShareLinkFields, ShareNotificationFields, ShareRecipientFields};
use crate::error::Result;

impl Step {
    pub(super) async fn on_links(&self, inputs: Inputs) -> Result<Answered> {
        let (action, object) = self.key();
        match object.as_str() {
            "sharelink" => self.on_share_link(action, &inputs).await,
            "sharelinknotification" => self.on_notification(action, &inputs).await,
            object => self.on_visitors(action, object, &inputs).await,
        }
    }

    async fn on_share_link(&self, action: &str, inputs: &Inputs) -> Result<Answered> {
        let links = self.client.share_links();
        match action {
            "Create" => {
                let paths = inputs.texts("paths")?.unwrap_or_default();
                let paths: Vec<String> =
                    paths.iter().map(|path| path.trim_matches('/').to_owned()).collect();
                self.document(&links.create(&paths, &link_fields(inputs)?).await?)
            }
            "Update" => {
                let fields = link_fields(inputs)?;
                self.document(&links.update(inputs.id("id")?, &fields).await?)
            }
            "Delete" => links.delete(inputs.id("id")?).await.map(|()| Answered::Nothing),
            "List" => Ok(self.documents(links.list(Query::new(), self.limit(inputs)?))),
            _ => self.document(&links.find(inputs.id("ID")?).await?),
        }
    }

    async fn on_notification(&self, action: &str, inputs: &Inputs) -> Result<Answered> {
        let notifications = self.client.share_notifications();
        match action {
            "Create" => {
                // The connector has no inputs for them, so it must mean both.
                let fields = ShareNotificationFields::new()
                    .with_notify_user_id(inputs.id("user_id")?)
                    .with_notify_on_registration(true)
                    .with_notify_on_upload(true);
                self.document(&notifications.create(inputs.id("bundle_id")?, &fields).await?)
            }
            "Update" => {
                let mut fields = ShareNotificationFields::new();
                if let Some(flag) = inputs.flag("notify_on_registration")? {
                    fields = fields.with_notify_on_registration(flag);
                }
                if let Some(flag) = inputs.flag("notify_on_upload")? {
                    fields = fields.with_notify_on_upload(flag);
                }
                self.document(&notifications.update(inputs.id("id")?, &fields).await?)
            }
            "Delete" => notifications.delete(inputs.id("id")?).await.map(|()| Answered::Nothing),
            "List" => Ok(self.documents(notifications.list(Query::new(), self.limit(inputs)?))),
            _ => self.document(&notifications.find(inputs.id("ID")?).await?),
        }
    }

    async fn on_visitors(&self, action: &str, object: &str, inputs: &Inputs) -> Result<Answered> {
        if action == "Create" {
            // The page says that the note goes into the mail, so one is sent.
            let mut fields = ShareRecipientFields::new().with_share_after_create(true);
            for name in ["company", "name", "note"] {
                if let Some(text) = inputs.text(name)? {
                    fields = fields.with(name, text);
                }
            }
            let visitors = self.client.share_visitors(inputs.id("bundle_id")?);
            return self
                .document(&visitors.add_recipient(&inputs.need("recipient")?, &fields).await?);
        }
        let visitors = self.client.share_visitors(inputs.id("ID")?);
        let (query, limit) = (Query::new(), self.limit(inputs)?);
        Ok(match object {
            "sharelinkrecipient" => self.documents(visitors.recipients(query, limit)),
            "sharelinkregistration" => self.documents(visitors.registrations(query, limit)),
            _ => self.documents(visitors.downloads(query, limit)),
        })
    }
}

fn link_fields(inputs: &Inputs) -> Result<ShareLinkFields> {
    let mut fields = ShareLinkFields::new();
    for name in ["description", "note", "password"] {
        if let Some(text) = inputs.text(name)? {
            fields = fields.with(name, text);
        }
    }
    if let Some(time) = inputs.time("expires_at")? {
        fields = fields.with_expires_at(time);
    }
    if let Some(number) = inputs.number("max_uses")? {
        fields = fields.with_max_uses(number);
    }
    if let Some(flag) = inputs.flag("require_registration")? {
        fields = fields.with_require_registration(flag);
    }
    Ok(fields)
}
