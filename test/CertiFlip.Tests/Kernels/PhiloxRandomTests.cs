using CertiFlip.Kernels;
using CertiFlip.Tests.Smoothing;
using Block = CertiFlip.Kernels.PhiloxRandom.Block;

namespace CertiFlip.Tests.Kernels;

/// <summary>
/// The generator against Random123's known answers; its numbers are part of what a seed means, and do not change.
/// </summary>
public class PhiloxRandomTests
{
    public static TheoryData<string, Func<Random, object>> Methods => new()
    {
        { "Next()", random => random.Next() },
        { "Next(10)", random => random.Next(10) },
        { "Next(-5, 5)", random => random.Next(-5, 5) },
        { "Next(int.MinValue, int.MaxValue)", random => random.Next(int.MinValue, int.MaxValue) },
        { "NextInt64()", random => random.NextInt64() },
        { "NextInt64(10^15)", random => random.NextInt64(1_000_000_000_000_000) },
        { "NextInt64(long.MinValue, long.MaxValue)", random => random.NextInt64(long.MinValue, long.MaxValue) },
        { "NextSingle()", random => random.NextSingle() },
        { "NextDouble()", random => random.NextDouble() },
        { "NextBytes", random => Convert.ToHexString(Bytes(random, 11)) },
        { "GetItems", random => string.Join(' ', random.GetItems([1, 2, 3, 4, 5], 20)) },
        { "Shuffle", random => string.Join(' ', Shuffled(random, 20)) },
    };

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Cipher_gives_the_known_answers_of_Random123(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal(new Block(w0, w1, w2, w3), PhiloxRandom.Encrypt(new Block(c0, c1, c2, c3), k0, k1));

    [Fact]
    public void Numbers_are_the_words_of_the_cipher_in_their_order()
    {
        const ulong Seed = 0x299f31d0_a4093822, Stream = 0x03707344_13198a2e;
        byte[] bytes = Bytes(new PhiloxRandom(Seed, Stream), 48);
        for (uint position = 0; position < 3; position++)
        {
            Block block = PhiloxRandom.Encrypt(new Block(position, 0, 0x13198a2e, 0x03707344), 0xa4093822, 0x299f31d0);
            uint[] words = [.. Enumerable.Range(0, 4).Select(i => BitConverter.ToUInt32(bytes, (int)(16 * position) + 4 * i))];
            Assert.Equal([block.Word0, block.Word1, block.Word2, block.Word3], words);
        }
    }

    [Fact]
    public void First_numbers_of_a_seed_never_change()
    {
        var random = new PhiloxRandom(7, 3);
        Assert.Equal([0.12378288865847975, 0.5997813977679967, 0.45987247503069095, 0.5221965247931174, 0.9179545902583969],
            Enumerable.Range(0, 5).Select(_ => random.NextDouble()));
        Assert.Equal([343, 589, 89], Enumerable.Range(0, 3).Select(_ => random.Next(1000)));
        Assert.Equal(4977266931512873874, random.NextInt64());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_draws_from_the_stream_alone(string method, Func<Random, object> draw)
    {
        object[] first = Draws(new PhiloxRandom(1, 2));
        Assert.Equal(first, Draws(new PhiloxRandom(1, 2)));
        Assert.False(first.SequenceEqual(Draws(new PhiloxRandom(1, 3))), $"{method} is the same in another stream.");
        Assert.False(first.SequenceEqual(Draws(new PhiloxRandom(2, 2))), $"{method} is the same for another seed.");

        object[] Draws(Random random) => [.. Enumerable.Range(0, 50).Select(_ => draw(random))];
    }

    [Fact]
    public void Numbers_are_in_their_range_and_reach_its_ends()
    {
        var random = new PhiloxRandom(11, 0);
        AssertCovers(() => random.Next(6), 0, 5);
        AssertCovers(() => random.Next(-3, 3), -3, 2);
        AssertCovers(() => (int)random.NextInt64(6), 0, 5);
        AssertCovers(() => (int)(random.NextDouble() * 8), 0, 7);
        AssertCovers(() => random.Next() >> 28, 0, 7);
        AssertCovers(() => (int)(random.NextInt64() >> 60), 0, 7);
        AssertCovers(() => random.Next(int.MinValue, int.MaxValue) >> 29, -4, 3);
        AssertCovers(() => Bytes(random, 3)[2] >> 5, 0, 7);
        Assert.Equal(5, random.Next(5, 5));
        Assert.Equal(int.MaxValue - 1, random.Next(int.MaxValue - 1, int.MaxValue));
    }

    [Fact]
    public void Range_turned_round_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new PhiloxRandom(0, 0).Next(1, 0));

    [Fact]
    public void Bits_of_many_streams_are_even()
    {
        // The first number of each stream, as the draws of Algorithm 2 use it.
        int[] counts = new int[64];
        for (ulong stream = 0; stream < 64_000; stream++)
            counts[(int)(new PhiloxRandom(0, stream).NextDouble() * 64)]++;
        ChiSquare.AssertFits(counts, [.. Enumerable.Repeat(1 / 64.0, 64)]);
    }

    private static void AssertCovers(Func<int> draw, int least, int most) =>
        Assert.Equal(Enumerable.Range(least, most - least + 1), Enumerable.Range(0, 500).Select(_ => draw()).Distinct().Order());

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int[] Shuffled(Random random, int count)
    {
        int[] values = [.. Enumerable.Range(0, count)];
        random.Shuffle(values);
        return values;
    }
}
