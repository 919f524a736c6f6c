using System.Security.Cryptography;

namespace CertiFlip.Data.Models;

/// <summary>The file: magic, version, kind, number of arrays; for each its name, type, number of elements and elements; at the end SHA-256 of all before. Little-endian.</summary>
internal static class ModelFormat
{
    public const int Version = 1;
    public const int ChecksumBytes = SHA256.HashSizeInBytes;

    /// <summary>How many elements of an array are read or written at a time.</summary>
    public const int PieceLength = 1 << 20;

    public static ReadOnlySpan<byte> Magic => "CFMODEL\n"u8;
}
