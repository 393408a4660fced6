//! Calls into machine code, and its calls out.
//!
//! This is the only unsafe code of the project. It relies on the following:
//!
//! * Cranelift compiles the function rightly, and the System V convention is what
//!   the assembly here says: six integers and eight floats in registers, two
//!   results in `rax` and `rdx`, `rbx`, `rbp` and `r12` to `r15` kept.
//! * The function reads and writes its own frame and the world's memory only;
//!   `plan` lets no other be compiled, and generated ones mask the references
//!   they load through.
//! * The places of roots come from the stack map that Cranelift emitted for the
//!   very call: they are in the caller's frame, at these offsets from what its
//!   stack pointer is after the call.
//!
//! No Rust frame is ever skipped: `call_out` returns first, and the assembly then returns, goes
//! to a handler, or leaves the function. A handler is entered as Wasmtime does it
//! (`crates/unwinder/src/arch/x86.rs`): with the payload in `rax` and `rdx`, and stack and
//! frame pointer as the call left them.

use std::arch::naked_asm;
use std::cell::Cell;
use std::hint::black_box;
use std::ptr::null_mut;

use cranelift_jit::JITModule;

use crate::world::INDIRECT;

/// The environment that the function calls.
pub(super) trait Host {
    /// The roots at the call that returns to `back`: offset from the stack pointer,
    /// and size, both in bytes, the size at most 16.
    fn roots(&self, back: usize) -> Vec<(u32, u32)>;

    /// Performs the call.
    fn call(&mut self, call: &Call, roots: &mut [u128]) -> Reply;
}

/// A call.
pub(super) struct Call {
    /// The import's number.
    pub(super) import: u32,
    /// The return address.
    pub(super) back: usize,
    /// The integer registers.
    pub(super) integers: [u64; 6],
    /// The low halves of the float registers.
    pub(super) floats: [u64; 8],
}

/// The outcome of a call.
pub(super) enum Reply {
    /// It returns these.
    Return([u64; 2]),
    /// It continues at this handler, with this payload.
    Throw(usize, [u64; 2]),
    /// The function is left.
    Stop,
}

/// The data shared by assembly and `call_out`. It is `repr(C)`, since assembly writes it.
#[repr(C)]
struct Running<'h> {
    /// The stack pointer to leave the function with.
    leave: usize,
    results: [u64; 2],
    host: &'h mut dyn Host,
}

/// The registers at a call of an import, saved and restored.
#[repr(C)]
struct Registers {
    integers: [u64; 6],
    floats: [u64; 8],
}

thread_local! {
    /// The function that runs in this thread.
    static RUNNING: Cell<*mut ()> = const { Cell::new(null_mut()) };
}

/// Machine code, freed in the end.
pub(super) struct Owned(Option<JITModule>);

impl Owned {
    pub(super) fn new(module: JITModule) -> Self {
        Owned(Some(module))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(module) = self.0.take() {
            // SAFETY: `enter` borrows this for as long as the code runs, and
            // nothing else has the code's address.
            unsafe { module.free_memory() }
        }
    }
}

/// The address of an import, by its number.
pub(super) fn import_address(number: u32) -> *const u8 {
    IMPORTS[number.min(INDIRECT) as usize] as *const u8
}

/// The way in which a function ends.
pub(super) enum Ended {
    /// It returned these.
    Returned([u64; 2]),
    /// It returned, and did not restore the registers that it has to.
    NotRestored,
    /// It was left.
    Left,
}

/// Calls a function.
pub(super) fn enter(
    _: &Owned,
    code: *const u8,
    arguments: &[u64; 6],
    host: &mut dyn Host,
) -> Ended {
    let mut running = Running { leave: 0, results: [0; 2], host };
    let before = RUNNING.replace((&raw mut running).cast());
    paint();
    // SAFETY: `code` is a finalized function of the module that is borrowed here,
    // of a signature that takes at most six integers; the rest is above.
    let ended = unsafe { call_in(code, arguments, &raw mut running) };
    RUNNING.set(before);
    match ended {
        0 => Ended::Returned(running.results),
        1 => Ended::Left,
        _ => Ended::NotRestored,
    }
}

/// Overwrites the stack that the function's frame will use, so that an unwritten slot has the
/// same contents in every run.
#[inline(never)]
fn paint() {
    black_box(&mut [0xa5_u8; 1 << 14]);
}

/// Calls `code`, and stores in `running` the stack pointer for leaving it. Returns 0 if the
/// code returned, 1 if it was left, and 2 if it returned with a register changed that a function
/// restores.
#[unsafe(naked)]
unsafe extern "C" fn call_in(
    code: *const u8,
    arguments: *const [u64; 6],
    running: *mut Running<'_>,
) -> usize {
    naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "push rdx",
        "mov [rdx], rsp",
        "mov rax, rdi",
        "mov r11, rsi",
        "mov rdi, [r11]",
        "mov rsi, [r11 + 8]",
        "mov rdx, [r11 + 16]",
        "mov rcx, [r11 + 24]",
        "mov r8, [r11 + 32]",
        "mov r9, [r11 + 40]",
        "mov rbp, 0x5a00",
        "mov rbx, 0x5a01",
        "mov r12, 0x5a02",
        "mov r13, 0x5a03",
        "mov r14, 0x5a04",
        "mov r15, 0x5a05",
        "call rax",
        "pop rcx",
        "mov [rcx + 8], rax",
        "mov [rcx + 16], rdx",
        // No bits are left if all are restored.
        "xor rbp, 0x5a00",
        "xor rbx, 0x5a01",
        "xor r12, 0x5a02",
        "xor r13, 0x5a03",
        "xor r14, 0x5a04",
        "xor r15, 0x5a05",
        "or rbp, rbx",
        "or rbp, r12",
        "or rbp, r13",
        "or rbp, r14",
        "or rbp, r15",
        "neg rbp",
        "sbb eax, eax",
        "and eax, 2",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// The common continuation of all imports, with the number of the import in `eax`.
#[unsafe(naked)]
unsafe extern "C" fn import_called() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "sub rsp, 112",
        "mov [rsp], rdi",
        "mov [rsp + 8], rsi",
        "mov [rsp + 16], rdx",
        "mov [rsp + 24], rcx",
        "mov [rsp + 32], r8",
        "mov [rsp + 40], r9",
        "movq [rsp + 48], xmm0",
        "movq [rsp + 56], xmm1",
        "movq [rsp + 64], xmm2",
        "movq [rsp + 72], xmm3",
        "movq [rsp + 80], xmm4",
        "movq [rsp + 88], xmm5",
        "movq [rsp + 96], xmm6",
        "movq [rsp + 104], xmm7",
        "mov edi, eax",
        "mov rsi, rsp",
        "lea rdx, [rbp + 16]",
        "mov rcx, [rbp + 8]",
        "call {call_out}",
        "cmp rax, 1",
        "jb 2f",
        "je 3f",
        // Leave: as the end of `call_in`.
        "mov rsp, rax",
        "mov eax, 1",
        "pop rcx",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        // Return.
        "2:",
        "mov rax, [rsp]",
        "mov rdx, [rsp + 8]",
        "leave",
        "ret",
        // Continue at a handler.
        "3:",
        "mov rax, [rsp]",
        "mov rdx, [rsp + 8]",
        "mov rcx, [rsp + 16]",
        "lea rsp, [rbp + 16]",
        "mov rbp, [rbp]",
        "jmp rcx",
        call_out = sym call_out,
    )
}

/// Handles the call of an import. Returns 0 to return, 1 to continue at a handler, or the stack
/// pointer for leaving the function.
unsafe extern "C" fn call_out(
    import: u32,
    registers: *mut Registers,
    frame: *mut u8,
    back: usize,
) -> usize {
    let running: *mut Running<'_> = RUNNING.get().cast();
    // SAFETY: `enter` set it, is still running, and does not use it meanwhile;
    // `import_called` made the registers.
    let (running, registers) = unsafe { (&mut *running, &mut *registers) };
    let (integers, floats) = (registers.integers, registers.floats);
    let places = running.host.roots(back);
    let mut roots = vec![0; places.len()];
    for (root, &(offset, size)) in roots.iter_mut().zip(&places) {
        // SAFETY: the stack map says that these bytes are in the caller's frame;
        // at most 16 of them fit in a `u128`.
        unsafe {
            frame.add(offset as usize).copy_to((root as *mut u128).cast(), size.min(16) as usize);
        }
    }
    let reply = running.host.call(&Call { import, back, integers, floats }, &mut roots);
    for (root, &(offset, size)) in roots.iter().zip(&places) {
        // SAFETY: as above.
        unsafe {
            frame
                .add(offset as usize)
                .copy_from((root as *const u128).cast(), size.min(16) as usize);
        }
    }
    match reply {
        Reply::Return(results) => {
            registers.integers[..2].copy_from_slice(&results);
            0
        }
        Reply::Throw(handler, payload) => {
            registers.integers[..2].copy_from_slice(&payload);
            registers.integers[2] = handler as u64;
            1
        }
        Reply::Stop => running.leave,
    }
}

/// The import of one number.
#[unsafe(naked)]
unsafe extern "C" fn import<const NUMBER: u32>() {
    naked_asm!(
        "mov eax, {number}",
        "jmp {import_called}",
        number = const NUMBER,
        import_called = sym import_called,
    )
}

macro_rules! imports {
    ($($number:literal)*) => { [$(import::<$number>),*] };
}

/// All imports.
const IMPORTS: [unsafe extern "C" fn(); INDIRECT as usize + 1] = imports!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
);
