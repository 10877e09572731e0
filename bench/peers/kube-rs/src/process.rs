//! What this process has cost so far. Linux with glibc only.

use std::fs;

/// Kilobytes of a line of /proc/self/status, as bytes.
pub fn status_bytes(name: &str) -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next());
    kilobytes.and_then(|number| number.parse::<f64>().ok()).unwrap_or(f64::NAN) * 1024.0
}

pub fn forget_peak() -> std::io::Result<()> {
    fs::write("/proc/self/clear_refs", "5")
}

/// What the allocator has given out and not got back.
pub fn heap_bytes() -> f64 {
    // SAFETY: it takes nothing, and returns a struct of numbers.
    let info = unsafe { libc::mallinfo2() };
    (info.uordblks + info.hblkhd) as f64
}

/// Gives free memory back to the kernel, as the other peers' collectors do before they are measured.
pub fn release_free_memory() {
    // SAFETY: it only looks at the allocator's own free lists.
    unsafe { libc::malloc_trim(0) };
}

pub fn cpu_ms() -> f64 {
    // SAFETY: zeros are a valid rusage, and the pointer is to a live one.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let milliseconds = |time: libc::timeval| time.tv_sec as f64 * 1000.0 + time.tv_usec as f64 / 1000.0;
    milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
}
