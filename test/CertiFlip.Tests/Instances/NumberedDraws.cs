using CertiFlip.Kernels;
using CertiFlip.Smoothing;

namespace CertiFlip.Tests.Instances;

/// <summary>A measure whose points say which draw of Algorithm 2 they are, whatever thread takes it.</summary>
internal sealed class NumberedDraws(ulong seed, int draws) : ISmoothingMeasure<int>
{
    private readonly Dictionary<long, int> _numbers = Enumerable.Range(0, draws)
        .ToDictionary(draw => new PhiloxRandom(seed, (ulong)draw).NextInt64());

    public int Sample(Random random) => _numbers[random.NextInt64()];
}
