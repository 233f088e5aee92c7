//! Marks and metadata for what a session uploads from now on.

use axum::http::Method;
use serde_json::json;

use super::{Answer, CONTENT, Call, NoAnswer};
use crate::mft::document::Asked;
use crate::mft::id::Id;
use crate::mft::refusal::Refusal;
use crate::mft::world::{Caller, World};

impl World {
    pub(super) fn upload_call(
        &mut self,
        rest: &[String],
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        let name = rest.first().map(|name| name.to_lowercase());
        match (name.as_deref(), rest.get(1), rest.len()) {
            (Some("markguid"), None, _) => {
                call.only(&[Method::POST, Method::GET])?;
                Ok(self.mark(caller)?)
            }
            (Some("metadatastore"), None, _) => {
                call.only(&[Method::POST])?;
                Ok(self.store_metadata(call, caller)?)
            }
            (Some("metadataclear"), None, _) => {
                call.only(&[Method::POST, Method::GET, Method::DELETE])?;
                self.session_mut(caller)?.metadata.clear();
                Ok(Answer::empty())
            }
            (Some("retrieveuploadinfo"), Some(mark), 2) => {
                call.only(&[Method::GET])?;
                Ok(self.marked(mark, false, caller)?)
            }
            (Some("retrieveuploadinfocleanup"), Some(mark), 2) => {
                call.only(&[Method::GET, Method::POST])?;
                Ok(self.marked(mark, true, caller)?)
            }
            _ => Err(NoAnswer::NotFound),
        }
    }

    fn mark(&mut self, caller: &Caller) -> Result<Answer, Refusal> {
        let mark = self.mint.guid();
        self.session_mut(caller)?.mark = Some(mark.clone());
        Ok(Answer::ok("ThruPublicUploadInfo", json!({"MarkForRetrieval": mark})))
    }

    /// Replaces what was stored before.
    fn store_metadata(&mut self, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        let metadata = call.body.pairs("metadataobjects");
        if metadata.is_empty() {
            return Err(Refusal::missing("metadataobjects"));
        }
        self.session_mut(caller)?.metadata = metadata;
        Ok(Answer::empty())
    }

    /// Lists what bears a mark, and takes the mark away if asked.
    fn marked(&mut self, mark: &str, clean: bool, caller: &Caller) -> Result<Answer, Refusal> {
        let scribe = self.scribe(caller)?;
        let root = self.root_of(caller)?;
        let nodes: Vec<_> = scribe
            .access
            .below(root)
            .into_iter()
            .filter(|node| node.mark.as_deref() == Some(mark))
            .collect();
        if nodes.is_empty() {
            return Err(Refusal::unknown_id("Mark", mark));
        }
        let ids: Vec<Id> = nodes.iter().map(|node| node.id).collect();
        let answer = Answer::ok(CONTENT, scribe.listing(nodes, Asked::Both));
        if clean {
            for id in ids {
                if let Some(node) = self.tree.node_mut(id) {
                    node.mark = None;
                }
            }
        }
        Ok(answer)
    }
}
