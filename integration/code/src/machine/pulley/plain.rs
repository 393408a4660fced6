//! The classes of instructions that are not extended.

use pulley_interpreter::{
    Op, PopFrameRestore, PushFrameSave, StackAlloc32, StackFree32, Xadd32U8, Xadd32U32, Xadd64U8,
    Xadd64U32, Xconst8, Xconst16, Xconst32, Xconst64, Xsub32U8, Xsub32U32, Xsub64U8, Xsub64U32,
};

use super::class::{Class, Frame};
use super::extended;

/// Returns the class of an instruction. `word` is the number of bytes of an address.
pub(super) fn class(op: &Op, word: u32) -> Class {
    let address = |class: Class, size: u32| if word == size { class } else { Class::Compute };
    match *op {
        Op::ExtendedOp(ref op) => extended::class(op),
        Op::Call1(_) | Op::Call2(_) | Op::Call3(_) | Op::Call4(_) => Class::CallWith,
        Op::Xzero(_) => Class::Constant(0),
        Op::Xone(_) => Class::Constant(1),
        Op::Xconst8(Xconst8 { imm, .. }) => Class::Constant(imm.into()),
        Op::Xconst16(Xconst16 { imm, .. }) => Class::Constant(imm.into()),
        Op::Xconst32(Xconst32 { imm, .. }) => Class::Constant(imm.into()),
        Op::Xconst64(Xconst64 { imm, .. }) => Class::Constant(imm),
        Op::Xadd32(_) => address(Class::Sum, 4),
        Op::Xadd32U8(Xadd32U8 { src2, .. }) => address(Class::Plus(src2.into()), 4),
        Op::Xadd32U32(Xadd32U32 { src2, .. }) => address(Class::Plus(src2.cast_signed().into()), 4),
        Op::Xsub32U8(Xsub32U8 { src2, .. }) => address(Class::Plus(-i64::from(src2)), 4),
        Op::Xsub32U32(Xsub32U32 { src2, .. }) => {
            address(Class::Plus(-i64::from(src2.cast_signed())), 4)
        }
        Op::Xadd64(_) => address(Class::Sum, 8),
        Op::Xadd64U8(Xadd64U8 { src2, .. }) => address(Class::Plus(src2.into()), 8),
        Op::Xadd64U32(Xadd64U32 { src2, .. }) => address(Class::Plus(src2.into()), 8),
        Op::Xsub64U8(Xsub64U8 { src2, .. }) => address(Class::Plus(-i64::from(src2)), 8),
        Op::Xsub64U32(Xsub64U32 { src2, .. }) => address(Class::Plus(-i64::from(src2)), 8),
        Op::PushFrame(_) => Class::Frame(Frame::Push),
        Op::PopFrame(_) => Class::Frame(Frame::Pop),
        Op::PushFrameSave(PushFrameSave { amt, regs }) => {
            Class::Frame(Frame::PushSave { amount: amt, registers: regs })
        }
        Op::PopFrameRestore(PopFrameRestore { amt, regs }) => {
            Class::Frame(Frame::PopRestore { amount: amt, registers: regs })
        }
        Op::StackAlloc32(StackAlloc32 { amt }) => Class::Frame(Frame::Allocate(amt)),
        Op::StackFree32(StackFree32 { amt }) => Class::Frame(Frame::Free(amt)),
        Op::XLoad32LeO32(_) | Op::XLoad32LeZ(_) | Op::XLoad32LeG32(_) | Op::XLoad32LeG32Bne(_) => {
            Class::Load(4)
        }
        Op::XLoad64LeO32(_) | Op::XLoad64LeZ(_) | Op::XLoad64LeG32(_) | Op::XLoad64LeG32Bne(_) => {
            Class::Load(8)
        }
        Op::XLoad8U32O32(_)
        | Op::XLoad8S32O32(_)
        | Op::XLoad8U32Z(_)
        | Op::XLoad8S32Z(_)
        | Op::XLoad8U32G32(_)
        | Op::XLoad8S32G32(_)
        | Op::XLoad8U32G32Bne(_)
        | Op::XLoad8S32G32Bne(_) => Class::LoadPart(1),
        Op::XLoad16LeU32O32(_)
        | Op::XLoad16LeS32O32(_)
        | Op::XLoad16LeU32Z(_)
        | Op::XLoad16LeS32Z(_)
        | Op::XLoad16LeU32G32(_)
        | Op::XLoad16LeS32G32(_)
        | Op::XLoad16LeU32G32Bne(_)
        | Op::XLoad16LeS32G32Bne(_) => Class::LoadPart(2),
        Op::XStore32LeO32(_)
        | Op::XStore32LeZ(_)
        | Op::XStore32LeG32(_)
        | Op::XStore32LeG32Bne(_) => Class::Store(4),
        Op::XStore64LeO32(_)
        | Op::XStore64LeZ(_)
        | Op::XStore64LeG32(_)
        | Op::XStore64LeG32Bne(_) => Class::Store(8),
        Op::XStore8O32(_) | Op::XStore8Z(_) | Op::XStore8G32(_) | Op::XStore8G32Bne(_) => {
            Class::StorePart(1)
        }
        Op::XStore16LeO32(_)
        | Op::XStore16LeZ(_)
        | Op::XStore16LeG32(_)
        | Op::XStore16LeG32Bne(_) => Class::StorePart(2),
        Op::BrIf(_)
        | Op::BrIfNot(_)
        | Op::BrIfXeq32(_)
        | Op::BrIfXneq32(_)
        | Op::BrIfXslt32(_)
        | Op::BrIfXslteq32(_)
        | Op::BrIfXult32(_)
        | Op::BrIfXulteq32(_)
        | Op::BrIfXeq64(_)
        | Op::BrIfXneq64(_)
        | Op::BrIfXslt64(_)
        | Op::BrIfXslteq64(_)
        | Op::BrIfXult64(_)
        | Op::BrIfXulteq64(_)
        | Op::BrIfXeq32I8(_)
        | Op::BrIfXeq32I32(_)
        | Op::BrIfXneq32I8(_)
        | Op::BrIfXneq32I32(_)
        | Op::BrIfXslt32I8(_)
        | Op::BrIfXslt32I32(_)
        | Op::BrIfXsgt32I8(_)
        | Op::BrIfXsgt32I32(_)
        | Op::BrIfXslteq32I8(_)
        | Op::BrIfXslteq32I32(_)
        | Op::BrIfXsgteq32I8(_)
        | Op::BrIfXsgteq32I32(_)
        | Op::BrIfXult32U8(_)
        | Op::BrIfXult32U32(_)
        | Op::BrIfXulteq32U8(_)
        | Op::BrIfXulteq32U32(_)
        | Op::BrIfXugt32U8(_)
        | Op::BrIfXugt32U32(_)
        | Op::BrIfXugteq32U8(_)
        | Op::BrIfXugteq32U32(_)
        | Op::BrIfXeq64I8(_)
        | Op::BrIfXeq64I32(_)
        | Op::BrIfXneq64I8(_)
        | Op::BrIfXneq64I32(_)
        | Op::BrIfXslt64I8(_)
        | Op::BrIfXslt64I32(_)
        | Op::BrIfXsgt64I8(_)
        | Op::BrIfXsgt64I32(_)
        | Op::BrIfXslteq64I8(_)
        | Op::BrIfXslteq64I32(_)
        | Op::BrIfXsgteq64I8(_)
        | Op::BrIfXsgteq64I32(_)
        | Op::BrIfXult64U8(_)
        | Op::BrIfXult64U32(_)
        | Op::BrIfXulteq64U8(_)
        | Op::BrIfXulteq64U32(_)
        | Op::BrIfXugt64U8(_)
        | Op::BrIfXugt64U32(_)
        | Op::BrIfXugteq64U8(_)
        | Op::BrIfXugteq64U32(_) => Class::Branch,
        Op::Call(_) | Op::CallIndirect(_) => Class::Call,
        Op::Xmov(_) => Class::Copy,
        Op::XJump(_) | Op::BrTable32(_) => Class::Indirect,
        Op::Jump(_) => Class::Jump,
        Op::Ret(_) => Class::Return,
        Op::Nop(_)
        | Op::Xmadd32(_)
        | Op::Xmadd64(_)
        | Op::Xsub32(_)
        | Op::Xsub64(_)
        | Op::XMul32(_)
        | Op::Xmul32S8(_)
        | Op::Xmul32S32(_)
        | Op::XMul64(_)
        | Op::Xmul64S8(_)
        | Op::Xmul64S32(_)
        | Op::Xctz32(_)
        | Op::Xctz64(_)
        | Op::Xclz32(_)
        | Op::Xclz64(_)
        | Op::Xpopcnt32(_)
        | Op::Xpopcnt64(_)
        | Op::Xrotl32(_)
        | Op::Xrotl64(_)
        | Op::Xrotr32(_)
        | Op::Xrotr64(_)
        | Op::Xshl32(_)
        | Op::Xshr32S(_)
        | Op::Xshr32U(_)
        | Op::Xshl64(_)
        | Op::Xshr64S(_)
        | Op::Xshr64U(_)
        | Op::Xshl32U6(_)
        | Op::Xshr32SU6(_)
        | Op::Xshr32UU6(_)
        | Op::Xshl64U6(_)
        | Op::Xshr64SU6(_)
        | Op::Xshr64UU6(_)
        | Op::Xneg32(_)
        | Op::Xneg64(_)
        | Op::Xeq64(_)
        | Op::Xneq64(_)
        | Op::Xslt64(_)
        | Op::Xslteq64(_)
        | Op::Xult64(_)
        | Op::Xulteq64(_)
        | Op::Xeq32(_)
        | Op::Xneq32(_)
        | Op::Xslt32(_)
        | Op::Xslteq32(_)
        | Op::Xult32(_)
        | Op::Xulteq32(_)
        | Op::Zext8(_)
        | Op::Zext16(_)
        | Op::Zext32(_)
        | Op::Sext8(_)
        | Op::Sext16(_)
        | Op::Sext32(_)
        | Op::XAbs32(_)
        | Op::XAbs64(_)
        | Op::XDiv32S(_)
        | Op::XDiv64S(_)
        | Op::XDiv32U(_)
        | Op::XDiv64U(_)
        | Op::XRem32S(_)
        | Op::XRem64S(_)
        | Op::XRem32U(_)
        | Op::XRem64U(_)
        | Op::XBand32(_)
        | Op::Xband32S8(_)
        | Op::Xband32S32(_)
        | Op::XBand64(_)
        | Op::Xband64S8(_)
        | Op::Xband64S32(_)
        | Op::XBor32(_)
        | Op::Xbor32S8(_)
        | Op::Xbor32S32(_)
        | Op::XBor64(_)
        | Op::Xbor64S8(_)
        | Op::Xbor64S32(_)
        | Op::XBxor32(_)
        | Op::Xbxor32S8(_)
        | Op::Xbxor32S32(_)
        | Op::XBxor64(_)
        | Op::Xbxor64S8(_)
        | Op::Xbxor64S32(_)
        | Op::XBnot32(_)
        | Op::XBnot64(_)
        | Op::Xmin32U(_)
        | Op::Xmin32S(_)
        | Op::Xmax32U(_)
        | Op::Xmax32S(_)
        | Op::Xmin64U(_)
        | Op::Xmin64S(_)
        | Op::Xmax64U(_)
        | Op::Xmax64S(_)
        | Op::XSelect32(_)
        | Op::XSelect64(_) => Class::Compute,
    }
}
