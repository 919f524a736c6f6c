using BenchmarkDotNet.Attributes;
using CertiFlip.Kernels;
using CertiFlip.Smoothed;

namespace CertiFlip.Benchmarks;

/// <summary>The kernels on 13,007 rows, at every vector width this processor has.</summary>
public class KernelBenchmarks
{
    private const int Rows = 13_007, Inner = 51;

    private readonly double[] _weights = new double[Rows];
    private readonly double[] _panel = new double[Inner * Tile.Width];
    private readonly double[] _right = new double[Inner * Tile.Height];
    private readonly double[] _product = new double[Tile.Height * Tile.Width];
    private KernelSet _kernels = null!;

    public static IEnumerable<string> Widths => KernelSet.All.Select(kernels => kernels.Name);

    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int row = 0; row < Rows; row++)
            _weights[row] = (random.NextDouble() - 0.5) / 1000;
        Array.ForEach([_panel, _right], values => Array.ConvertAll(values, _ => random.NextDouble()).CopyTo(values, 0));
        _kernels = KernelSet.Choose(Width);
    }

    /// <summary>One pass of Newton's method, in single precision.</summary>
    [Benchmark]
    public double SumRoughTilt() => _kernels.SumRoughTilt(_weights, 100, NoisyRole.Winner(new Noise(0.1))).Slope;

    /// <summary>The bound itself.</summary>
    [Benchmark]
    public double SumMoments() => _kernels.SumMoments(_weights, 100, NoisyRole.Winner(new Noise(0.1)));

    [Benchmark]
    public double SumWeights() => _kernels.SumWeights(_weights, 1).Total;

    /// <summary>The label weights of 16 training rows for 4 test rows: 2 · 51 · 64 floating-point operations.</summary>
    [Benchmark]
    public void MultiplyAddTile() =>
        _kernels.MultiplyAddTile(Inner, in _panel[0], Tile.Width, in _right[0], Tile.Height, ref _product[0], Tile.Width);
}
