//! The bits of machine code that a relocation patches.

use cranelift_codegen::FinalizedMachReloc;
use cranelift_codegen::binemit::Reloc;

/// Returns the masks of the bytes from a relocation's offset on: the bits that a linker patches.
///
/// A linker that rewrites whole instructions, as for thread-local storage, patches more. What it
/// made is then not recognized, and so not verified.
fn bits(kind: Reloc) -> &'static [u8] {
    match kind {
        Reloc::Abs4
        | Reloc::X86PCRel4
        | Reloc::X86CallPCRel4
        | Reloc::X86CallPLTRel4
        | Reloc::X86GOTPCRel4
        | Reloc::X86SecRel
        | Reloc::ElfX86_64TlsGd
        | Reloc::MachOX86_64Tlv
        | Reloc::S390xPCRel32Dbl
        | Reloc::S390xPLTRel32Dbl
        | Reloc::PulleyPcRel => &[0xff; 4],
        Reloc::Abs8 | Reloc::S390xTlsGd64 => &[0xff; 8],
        Reloc::PulleyCallIndirectHost => &[0xff],
        // The immediate of `bl`, 24 bits.
        Reloc::Arm32Call => &[0xff, 0xff, 0xff, 0],
        // The immediate of `bl`, 26 bits.
        Reloc::Arm64Call => &[0xff, 0xff, 0xff, 0x03],
        // The immediate of `adrp`: bits 5 to 23, 29 and 30.
        Reloc::MachOAarch64TlsAdrPage21
        | Reloc::Aarch64TlsDescAdrPage21
        | Reloc::Aarch64AdrGotPage21
        | Reloc::Aarch64AdrPrelPgHi21 => &[0xe0, 0xff, 0xff, 0x60],
        // The immediate of `add` and `ldr`: bits 10 to 21.
        Reloc::MachOAarch64TlsAdrPageOff12
        | Reloc::Aarch64TlsDescLd64Lo12
        | Reloc::Aarch64TlsDescAddLo12
        | Reloc::Aarch64AddAbsLo12Nc
        | Reloc::Aarch64Ld64GotLo12Nc => &[0, 0xfc, 0x3f, 0],
        // The immediates of `auipc` and the `jalr` after it.
        Reloc::RiscvCallPlt => &[0, 0xf0, 0xff, 0xff, 0, 0, 0xf0, 0xff],
        // The immediate of `auipc`: the upper 20 bits.
        Reloc::RiscvTlsGdHi20 | Reloc::RiscvGotHi20 | Reloc::RiscvPCRelHi20 => {
            &[0, 0xf0, 0xff, 0xff]
        }
        // The immediate of `addi` and `ld`: the upper 12 bits.
        Reloc::RiscvPCRelLo12I => &[0, 0, 0xf0, 0xff],
        // Marks for the linker: they patch nothing.
        Reloc::Aarch64TlsDescCall | Reloc::S390xTlsGdCall => &[],
    }
}

/// Returns the first byte at which two pieces of code of the same length differ in a bit that no
/// relocation patches.
pub(crate) fn first_difference(
    a: &[u8],
    b: &[u8],
    relocations: &[FinalizedMachReloc],
) -> Option<usize> {
    let mut patched = vec![0; a.len()];
    for relocation in relocations {
        let start = relocation.offset as usize;
        let bytes = patched.get_mut(start..).unwrap_or_default();
        for (byte, mask) in bytes.iter_mut().zip(bits(relocation.kind)) {
            *byte |= mask;
        }
    }
    let mut bytes = a.iter().zip(b).zip(patched);
    bytes.position(|((a, b), patched)| (a ^ b) & !patched != 0)
}
