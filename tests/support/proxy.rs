//! A link to the server that can be cut, stalled and healed, as a network does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Cut,
    Stalled,
}

/// A Unix socket in a directory of its own, before the socket of a server.
pub struct Proxy {
    directory: tempfile::TempDir,
    port: u16,
    state: watch::Sender<State>,
    open: Arc<AtomicUsize>,
    listener: JoinHandle<()>,
}

impl Proxy {
    /// Stands before the server whose socket is in `socket_dir`.
    pub fn before(socket_dir: &Path, port: u16) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("wl-link-")
            .tempdir()
            .unwrap();
        let name = format!(".s.PGSQL.{port}");
        let (own, server) = (directory.path().join(&name), socket_dir.join(&name));
        let (state, watched) = watch::channel(State::Whole);
        let open = Arc::new(AtomicUsize::new(0));
        let listener = UnixListener::bind(own).unwrap();
        let listener = tokio::spawn(accept(listener, server, watched, Arc::clone(&open)));
        Self {
            directory,
            port,
            state,
            open,
            listener,
        }
    }

    /// Where its socket is; the port is the server's.
    pub fn socket_dir(&self) -> &Path {
        self.directory.path()
    }

    /// The port, which is part of the socket's name.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends every connection, and each new one at once.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing through any more, in either direction, and closes nothing.
    pub fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    /// Works again. Connections that were stalled go on.
    pub fn heal(&self) {
        self.state.send_replace(State::Whole);
    }

    /// How many connections are open through it.
    pub fn connections(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.send_replace(State::Cut);
        self.listener.abort();
    }
}

async fn accept(
    listener: UnixListener,
    server: PathBuf,
    state: watch::Receiver<State>,
    open: Arc<AtomicUsize>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let (server, state, open) = (server.clone(), state.clone(), Arc::clone(&open));
        tokio::spawn(async move {
            let mut until_cut = state.clone();
            if *state.borrow() == State::Cut {
                return;
            }
            open.fetch_add(1, Ordering::SeqCst);
            tokio::select! {
                () = join(client, &server, state) => {}
                _ = until_cut.wait_for(|state| *state == State::Cut) => {}
            }
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn join(client: UnixStream, server: &Path, state: watch::Receiver<State>) {
    let mut whole = state.clone();
    let _ = whole.wait_for(|state| *state == State::Whole).await;
    let Ok(server) = UnixStream::connect(server).await else {
        return;
    };
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    tokio::select! {
        () = pass(client_read, server_write, state.clone()) => {}
        () = pass(server_read, client_write, state) => {}
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if state
            .wait_for(|state| *state == State::Whole)
            .await
            .is_err()
        {
            return;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
