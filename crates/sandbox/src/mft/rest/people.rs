//! The current user, all users, and user groups.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Call, NoAnswer};
use crate::mft::account::{Role, User};
use crate::mft::document;
use crate::mft::id::Id;
use crate::mft::refusal::{self, Refusal};
use crate::mft::world::{Caller, World};

impl World {
    pub(super) fn user_call(
        &mut self,
        rest: &[String],
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        match rest {
            [] => {
                call.only(&[Method::GET])?;
                let body = document::user(self.user(caller)?, self.options.dates);
                Ok(Answer::ok(USER, body))
            }
            [part] if part.eq_ignore_ascii_case("password") => {
                call.only(&[Method::PUT, Method::POST])?;
                Ok(self.change_password(call, caller)?)
            }
            _ => Err(NoAnswer::NotFound),
        }
    }

    /// # Errors
    /// When the caller is no manager, or a filter is not understood.
    pub(super) fn list_users(&self, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        self.require_role(Role::Manager, caller)?;
        let query = &call.query;
        let active = query.flag("active")?;
        let roles: Vec<String> = query
            .list("roles")
            .unwrap_or_default()
            .iter()
            .flat_map(|roles| roles.split(','))
            .map(|role| role.trim().to_owned())
            .collect();
        let contains = |field: &str, text: &str| {
            let wanted = query.filled(field).unwrap_or_default().to_lowercase();
            text.to_lowercase().contains(&wanted)
        };
        let fits = |user: &&User| {
            (contains("name", &user.name) || contains("name", &user.full_name()))
                && contains("email", &user.email)
                && contains("company", &user.company)
                && (roles.is_empty() || roles.contains(&user.role.number().to_string()))
                && active.is_none_or(|active| user.active == active)
        };
        let users = self.directory.users.iter().filter(fits);
        Ok(self.counted_users(users))
    }

    pub(super) fn group_call(
        &mut self,
        rest: &[String],
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        match rest {
            [] => {
                call.only(&[Method::GET])?;
                Ok(self.list_groups(caller)?)
            }
            [id] => {
                call.only(&[Method::GET, Method::PUT])?;
                Ok(self.one_group(id, call, caller)?)
            }
            [id, users] if users.eq_ignore_ascii_case("users") => {
                call.only(&[Method::GET])?;
                Ok(self.group_users(id, caller)?)
            }
            [id, users, user] if users.eq_ignore_ascii_case("users") => {
                call.only(&[Method::PUT, Method::POST, Method::DELETE])?;
                Ok(self.change_members(id, user, call, caller)?)
            }
            _ => Err(NoAnswer::NotFound),
        }
    }

    fn change_password(&mut self, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        // The fields of this call are not documented: these names are invented.
        let old = call.body.required("OldPassword")?;
        let new = call.body.required("NewPassword")?;
        let user = self.directory.user_mut(caller.user);
        let user = user.ok_or_else(Refusal::session_gone)?;
        if user.password != old {
            return Err(Refusal::new(refusal::SIGN_IN, "The password is not valid."));
        }
        new.clone_into(&mut user.password);
        user.password_changed = caller.now;
        Ok(Answer::empty())
    }

    fn list_groups(&self, caller: &Caller) -> Result<Answer, Refusal> {
        self.require_role(Role::Manager, caller)?;
        if self.options.groups_as_users {
            return Ok(self.counted_users(self.directory.users.iter()));
        }
        let groups = self.directory.groups.iter().map(document::group).collect();
        Ok(Answer::ok("ThruPublicGroupInfoList", document::counted(groups)))
    }

    fn one_group(&mut self, id: &str, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        let group = self.group_id(id)?;
        if call.method == Method::PUT {
            self.may_change(group, caller)?;
            self.update_group(group, call)?;
        } else {
            self.require_role(Role::Manager, caller)?;
        }
        let group = self.directory.group(group).map(document::group);
        Ok(Answer::ok("ThruPublicGroupInfo", group.unwrap_or_default()))
    }

    /// The id on the address wins: one in the body is ignored, as documented.
    fn update_group(&mut self, id: Id, call: &Call) -> Result<(), Refusal> {
        let body = &call.body;
        let role = body.filled("ModifyRole");
        if role.is_some_and(|role| !matches!(role, "4" | "5")) {
            return Err(Refusal::value("ModifyRole"));
        }
        let kind = body.number("UserGroupType")?;
        if kind.is_some_and(|kind| kind > LAST_GROUP_TYPE) {
            return Err(Refusal::value("UserGroupType"));
        }
        let Some(group) = self.directory.group_mut(id) else {
            return Ok(());
        };
        for (value, text) in [
            (body.filled("Name"), &mut group.name),
            (body.text("Description"), &mut group.description),
            (role, &mut group.modify_role),
            (body.filled("UserGroupType"), &mut group.group_type),
        ] {
            if let Some(value) = value {
                value.clone_into(text);
            }
        }
        Ok(())
    }

    fn group_users(&self, id: &str, caller: &Caller) -> Result<Answer, Refusal> {
        self.require_role(Role::Manager, caller)?;
        let id = self.group_id(id)?;
        let group = self.directory.group(id);
        let members = group.into_iter().flat_map(|group| &group.members);
        let users = members.filter_map(|id| self.directory.user(*id));
        Ok(self.counted_users(users))
    }

    fn change_members(
        &mut self,
        id: &str,
        user: &str,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, Refusal> {
        let group = self.group_id(id)?;
        self.may_change(group, caller)?;
        let member = Id::parse(user)
            .and_then(|id| self.directory.user(id))
            .map(|user| user.id)
            .ok_or_else(|| Refusal::unknown_id("User", user))?;
        if let Some(group) = self.directory.group_mut(group) {
            if call.method == Method::DELETE {
                group.members.remove(&member);
            } else {
                group.members.insert(member);
            }
        }
        self.group_users(id, caller)
    }

    fn group_id(&self, text: &str) -> Result<Id, Refusal> {
        Id::parse(text)
            .and_then(|id| self.directory.group(id))
            .map(|group| group.id)
            .ok_or_else(|| Refusal::unknown_id("Group", text))
    }

    fn may_change(&self, group: Id, caller: &Caller) -> Result<(), Refusal> {
        let group = self.directory.group(group);
        let role = match group.map(|group| group.modify_role.as_str()) {
            Some("4") => Role::Manager,
            _ => Role::Administrator,
        };
        self.require_role(role, caller)
    }

    fn require_role(&self, role: Role, caller: &Caller) -> Result<(), Refusal> {
        if self.user(caller)?.role >= role {
            return Ok(());
        }
        Err(Refusal::new(refusal::ROLE, format!("The {role:?} role is required.")))
    }

    fn counted_users<'a>(&self, users: impl Iterator<Item = &'a User>) -> Answer {
        let users: Vec<Value> =
            users.map(|user| document::user(user, self.options.dates)).collect();
        Answer::ok("ThruPublicUserInfoList", json!(document::counted(users)))
    }
}

const USER: &str = "ThruPublicUserInfo";
const LAST_GROUP_TYPE: u64 = 17;
