//! Measures kube-rs's reflector of pods against a replay server, and prints a line of JSON.

mod process;

use std::collections::BTreeMap;
use std::error::Error;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::{reflector, reflector::Store, watcher, watcher::Event, WatchStreamExt};
use kube::{Api, Client, Config};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Nothing takes so long but what will never end.
const PATIENCE: Duration = Duration::from_secs(300);

struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// `--name=value`, or `--name` alone.
    fn parse() -> Self {
        let pairs = std::env::args().skip(1).map(|argument| {
            let text = argument.trim_start_matches("--").to_owned();
            let (name, value) = text.split_once('=').unwrap_or((&text, ""));
            (name.to_owned(), value.to_owned())
        });
        Self(pairs.collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// What has been measured, by name.
#[derive(Default)]
struct Figures(BTreeMap<&'static str, f64>);

impl Figures {
    fn set(&mut self, name: &'static str, value: f64) {
        self.0.insert(name, value);
    }

    fn print(&self) {
        let members: Vec<String> = self.0.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        println!("{{\"figures\":{{{}}}}}", members.join(","));
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    tokio::time::timeout(PATIENCE, measure(&arguments)).await?
}

async fn measure(arguments: &Arguments) -> Outcome<()> {
    let url = arguments.get("url");
    let client = Client::try_from(Config::new(url.parse()?))?;
    let how = match arguments.get("variant") {
        "watch-list" => watcher::Config::default().streaming_lists(),
        _ => watcher::Config::default(),
    };
    let (store, writer) = reflector::store::<Pod>();
    let mut figures = Figures::default();
    figures.set("beforeHeapBytes", process::heap_bytes());
    let mut events = pin!(reflector(writer, watcher(Api::all(client), how)).default_backoff());
    sync(&mut events, &store, &mut figures).await?;
    for step in arguments.get("steps").split(',') {
        match step {
            "decode" => decode_all(&store, &mut figures),
            "memory" => {
                tokio::time::sleep(Duration::from_millis(arguments.get("settle").parse()?)).await;
                figures.set("heapBytes", process::heap_bytes());
                figures.set("rssBytes", process::status_bytes("VmRSS"));
            }
            "relist" => relist(&mut events, url, &mut figures).await?,
            "events" => follow(&mut events, url, arguments.get("events").parse()?, &mut figures).await?,
            _ => {}
        }
    }
    figures.print();
    Ok(())
}

async fn sync(
    events: &mut (impl Stream<Item = watcher::Result<Event<Pod>>> + Unpin),
    store: &Store<Pod>,
    figures: &mut Figures,
) -> Outcome<()> {
    let (started, cpu) = (Instant::now(), process::cpu_ms());
    let mut first = None;
    loop {
        match events.try_next().await?.ok_or("the stream ended")? {
            Event::InitApply(_) if first.is_none() => first = Some(milliseconds(started)),
            Event::InitDone => break,
            _ => {}
        }
    }
    let synced = milliseconds(started);
    figures.set("syncedMs", synced);
    figures.set("toldMs", synced);
    figures.set("firstObjectMs", first.unwrap_or(synced));
    figures.set("decodedMs", synced);
    figures.set("objects", store.len() as f64);
    figures.set("cpuMs", process::cpu_ms() - cpu);
    figures.set("peakRssBytes", process::status_bytes("VmHWM"));
    Ok(())
}

/// Everything has been decoded by then: only walked through.
fn decode_all(store: &Store<Pod>, figures: &mut Figures) {
    let pods = store.state();
    let containers = pods.iter().filter_map(|pod| pod.spec.as_ref()).map(|spec| spec.containers.len());
    figures.set("containers", containers.sum::<usize>() as f64);
}

async fn relist(
    events: &mut (impl Stream<Item = watcher::Result<Event<Pod>>> + Unpin),
    url: &str,
    figures: &mut Figures,
) -> Outcome<()> {
    process::release_free_memory();
    let steady = process::status_bytes("VmRSS");
    process::forget_peak()?;
    let started = Instant::now();
    let command = post(url, "relist");
    let relisted = async {
        // the watch that ends by 410 is an error that the watcher goes on after
        while !matches!(events.next().await, Some(Ok(Event::InitDone))) {}
    };
    let (sent, ()) = tokio::join!(command, relisted);
    sent?;
    figures.set("relistMs", milliseconds(started));
    figures.set("relistSteadyRssBytes", steady);
    figures.set("relistPeakRssBytes", process::status_bytes("VmHWM"));
    Ok(())
}

async fn follow(
    events: &mut (impl Stream<Item = watcher::Result<Event<Pod>>> + Unpin),
    url: &str,
    count: usize,
    figures: &mut Figures,
) -> Outcome<()> {
    let (started, cpu) = (Instant::now(), process::cpu_ms());
    let command = post(url, "events");
    let applied = async {
        for _ in 0..count {
            events.try_next().await?;
        }
        Ok::<(), watcher::Error>(())
    };
    let (sent, applied) = tokio::join!(command, applied);
    sent?;
    applied?;
    figures.set("eventsMs", milliseconds(started));
    figures.set("events", count as f64);
    figures.set("eventsCpuMs", process::cpu_ms() - cpu);
    Ok(())
}

/// A command to the replay server, by a connection of its own.
async fn post(url: &str, command: &str) -> std::io::Result<()> {
    let host = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).await?;
    let head = format!("POST /bench/{command} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await?;
    socket.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
