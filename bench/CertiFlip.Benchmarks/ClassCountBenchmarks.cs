using BenchmarkDotNet.Attributes;
using CertiFlip.Heads;

namespace CertiFlip.Benchmarks;

/// <summary>
/// What more classes cost: rivals that cannot be the worst are skipped, so a row of 100 classes is far from 99 binary
/// rows.
/// </summary>
public class ClassCountBenchmarks
{
    private RandomData _data = null!;
    private RidgeHead _head = null!;

    [Params(2, 10, 100)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data = RandomData.Create(n: 13_007, k: 51, m: 64, Classes);
        _head = RidgeHead.Fit(_data.Training);
    }

    [Benchmark]
    public IReadOnlyList<RowCertificates> CertifyBatch() =>
        new Certifier(_head, _data.Labels, new CertifierOptions { Noise = new Noise(0.1, Classes), Threads = 1 }).CertifyBatch(_data.Tests);
}
