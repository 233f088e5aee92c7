//! Groups and users.

use super::inputs::Inputs;
use super::{Answered, Step};
use crate::api::{GroupFields, Query, UserFields};
use crate::error::Result;

impl Step {
    pub(super) async fn on_people(&self, inputs: Inputs) -> Result<Answered> {
        let (groups, users) = (self.client.groups(), self.client.users());
        let (action, object) = self.key();
        match (action, object.as_str()) {
            ("Create", "group") => {
                let fields = group_fields(&inputs)?;
                self.document(&groups.create(&inputs.need("name")?, &fields).await?)
            }
            ("Update", "group") => {
                self.document(&groups.update(inputs.id("id")?, &group_fields(&inputs)?).await?)
            }
            ("Delete", "group") => {
                groups.delete(inputs.id("id")?).await.map(|()| Answered::Nothing)
            }
            ("List", "group") => {
                Ok(self.documents(groups.list(Query::new(), self.limit(&inputs)?)))
            }
            ("Show", "group") => self.document(&groups.find(inputs.id("ID")?).await?),
            ("Create", _) => {
                let fields = user_fields(&inputs)?;
                self.document(&users.create(&inputs.need("username")?, &fields).await?)
            }
            ("Update", _) => {
                self.document(&users.update(inputs.id("id")?, &user_fields(&inputs)?).await?)
            }
            ("Delete", _) => users.delete(inputs.id("id")?, None).await.map(|()| Answered::Nothing),
            ("List", _) => Ok(self.documents(users.list(Query::new(), self.limit(&inputs)?))),
            _ => self.document(&users.find(inputs.id("ID")?).await?),
        }
    }
}

fn group_fields(inputs: &Inputs) -> Result<GroupFields> {
    let mut fields = GroupFields::new();
    for name in ["name", "notes"] {
        if let Some(text) = inputs.text(name)? {
            fields = fields.with(name, text);
        }
    }
    if let Some(ids) = inputs.ids("user_ids")? {
        fields = fields.with_user_ids(ids);
    }
    if let Some(ids) = inputs.ids("admin_ids")? {
        fields = fields.with_admin_ids(ids);
    }
    Ok(fields)
}

fn user_fields(inputs: &Inputs) -> Result<UserFields> {
    let mut fields = UserFields::new();
    for name in TEXTS {
        if let Some(text) = inputs.text(name)? {
            fields = fields.with(name, text);
        }
    }
    if let Some(flag) = inputs.flag("require_password_change")? {
        fields = fields.with_require_password_change(flag);
    }
    if let Some(ids) = inputs.ids("group_ids")? {
        fields = fields.with_group_ids(ids);
    }
    Ok(fields)
}

const TEXTS: [&str; 8] = [
    "authentication_method",
    "company",
    "email",
    "name",
    "notes",
    "password",
    "user_root",
    "username",
];
