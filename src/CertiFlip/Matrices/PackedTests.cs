using System.Runtime.CompilerServices;

namespace CertiFlip.Matrices;

/// <summary>Test rows as a learner's classifiers read them: scaled like the training rows and packed, once for all draws of the labels.</summary>
internal sealed class PackedTests(ColumnScaling scaling)
{
    private readonly ConditionalWeakTable<FeatureMatrix, PackedRows> _packed = [];

    public int Features => scaling.Scales.Length;

    /// <summary>Two threads may both pack a matrix that is new, with the same result.</summary>
    public PackedRows Of(FeatureMatrix tests) => _packed.GetValue(tests, rows => PackedRows.Of(rows, scaling, new ParallelOptions { MaxDegreeOfParallelism = 1 }));
}
