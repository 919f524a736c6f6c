using BenchmarkDotNet.Attributes;
using CertiFlip.Heads;

namespace CertiFlip.Benchmarks;

/// <summary>Whole batches: what a user waits for, at the size of MNIST 1/7 with an eighth of its test rows.</summary>
public class CertifyBenchmarks
{
    private RandomData _data = null!;
    private RidgeHead _head = null!;

    /// <summary>The certificates asked for.</summary>
    public enum Asked
    {
        KlTight,
        Exact,
        All,
    }

    [ParamsAllValues]
    public Asked Certificates { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data = RandomData.Create(n: 13_007, k: 51, m: 270);
        _head = RidgeHead.Fit(_data.Training);
    }

    [Benchmark]
    public RidgeHead Fit() => RidgeHead.Fit(_data.Training);

    [Benchmark]
    public IReadOnlyList<RowCertificates> CertifyBatch()
    {
        IReadOnlyList<CertificateKind> kinds = Certificates switch
        {
            Asked.KlTight => [CertificateKind.Kl, CertificateKind.Tight],
            Asked.Exact => [CertificateKind.Exact],
            _ => CertifierOptions.AllCertificates,
        };
        return new Certifier(_head, _data.Labels, new CertifierOptions { Noise = new Noise(0.1), Certificates = kinds })
            .CertifyBatch(_data.Tests);
    }
}
