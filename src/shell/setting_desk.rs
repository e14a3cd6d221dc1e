//! Puts changed settings into the person's file, in order, off the loop's thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::app::message::{Msg, NotKept};
use crate::domain::setting::{Setting, Value};

use super::outside::SettingSink;

type Order = (Setting, Option<Value>);

/// The way to the thread that writes settings.
pub struct SettingDesk {
    orders: UnboundedSender<Order>,
    worker: JoinHandle<()>,
}

impl SettingDesk {
    /// Takes orders from now on.
    pub fn open(runtime: &Handle, sink: Arc<dyn SettingSink>, tell: UnboundedSender<Msg>) -> Self {
        let (orders, taken) = unbounded_channel();
        let worker = runtime.spawn_blocking(move || work(&*sink, taken, &tell));
        Self { orders, worker }
    }

    /// The setting is to be put into the file.
    pub fn keep(&self, setting: Setting, value: Option<Value>) {
        let _ = self.orders.send((setting, value));
    }

    /// Ends when all orders are carried out.
    pub async fn close(self) {
        drop(self.orders);
        let _ = self.worker.await;
    }
}

fn work(sink: &dyn SettingSink, mut taken: UnboundedReceiver<Order>, tell: &UnboundedSender<Msg>) {
    while let Some(first) = taken.blocking_recv() {
        // Of many steps only the last word counts.
        let mut last = BTreeMap::from([first]);
        while let Ok((setting, value)) = taken.try_recv() {
            last.insert(setting, value);
        }
        for (setting, value) in last {
            let result = sink.keep(setting, value.as_ref());
            if let Err(NotKept::Failed(reason)) = &result {
                tracing::warn!(key = setting.key(), reason, "a setting was not kept");
            }
            let _ = tell.send(Msg::SettingKept(setting, result));
        }
    }
}
