using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter that is encrypted.
/// Every (seed, stream) is its own sequence, so draw i gets stream i, and which thread takes it makes no difference.
/// </summary>
internal sealed class PhiloxRandom : Random
{
    private const int Rounds = 10;
    private readonly ulong _seed;
    private readonly ulong _stream;
    private Block _block;
    private ulong _position;
    private int _used = Block.Words;

    public PhiloxRandom(ulong seed, ulong stream) => (_seed, _stream) = (seed, stream);

    /// <summary>One block of four words: the cipher, for its known answers.</summary>
    public static Block Encrypt(Block counter, uint key0, uint key1)
    {
        unchecked
        {
            for (int round = 0; round < Rounds; round++)
            {
                ulong a = 0xD2511F53UL * counter.Word0, b = 0xCD9E8D57UL * counter.Word2;
                counter = new Block((uint)(b >> 32) ^ counter.Word1 ^ key0, (uint)b, (uint)(a >> 32) ^ counter.Word3 ^ key1, (uint)a);
                key0 += 0x9E3779B9;
                key1 += 0xBB67AE85;
            }

            return counter;
        }
    }

    /// <summary>Passes over numbers, as if <see cref="NextDouble"/> had given them.</summary>
    /// <param name="count">How many, at least 0.</param>
    public void Skip(long count)
    {
        if (count > 0 && _used < Block.Words)
        {
            _used += 2;
            count--;
        }

        _position += (ulong)(count / 2);
        if (count % 2 > 0)
            NextBits();
    }

    /// <inheritdoc/>
    public override double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public override long NextInt64() => (long)(NextBits() >> 1) is var value && value < long.MaxValue ? value : NextInt64();

    /// <inheritdoc/>
    public override int Next() => (int)(NextBits() >> 33) is var value && value < int.MaxValue ? value : Next();

    /// <inheritdoc/>
    /// <remarks>Beyond the range of an int the base class would take numbers from a source of its own.</remarks>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + (long)(NextDouble() * ((long)maxValue - minValue)));
    }

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ulong bits = NextBits();
            int count = Math.Min(sizeof(ulong), buffer.Length);
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in bits))[..count].CopyTo(buffer);
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private static uint Low(ulong bits) => unchecked((uint)bits);

    private static uint High(ulong bits) => (uint)(bits >> 32);

    private ulong NextBits()
    {
        if (_used == Block.Words)
        {
            var counter = new Block(Low(_position), High(_position), Low(_stream), High(_stream));
            _block = Encrypt(counter, Low(_seed), High(_seed));
            _position++;
            _used = 0;
        }

        _used += 2;
        return _used == 2 ? _block.Word0 | (ulong)_block.Word1 << 32 : _block.Word2 | (ulong)_block.Word3 << 32;
    }

    /// <summary>Four words: a counter, or what became of it.</summary>
    internal readonly record struct Block(uint Word0, uint Word1, uint Word2, uint Word3)
    {
        public const int Words = 4;
    }
}
