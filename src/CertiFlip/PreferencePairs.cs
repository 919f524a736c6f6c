namespace CertiFlip;

/// <summary>
/// Preferences of pairs, "A is better than B": what reward models are trained on. Features of a pair are the difference
/// of its items' features, classes are "the first is better" and "the second is better", and
/// <see cref="Heads.PairsHead"/>, by name <c>pairs</c>, is the head.
/// </summary>
public static class PreferencePairs
{
    /// <summary>h(A) − h(B) for each pair.</summary>
    /// <param name="first">Features of the first items (n × k), made without a look at who was preferred.</param>
    /// <param name="second">Features of the second items (n × k).</param>
    /// <exception cref="ArgumentException">The shapes differ, or a difference is no finite number.</exception>
    public static FeatureMatrix Differences(FeatureMatrix first, FeatureMatrix second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if ((first.Rows, first.Columns) != (second.Rows, second.Columns))
        {
            throw new ArgumentException(
                $"There are {first.Rows} × {first.Columns} features of first items, but {second.Rows} × {second.Columns} of second items.",
                nameof(second));
        }

        double[] differences = new double[checked(first.Rows * first.Columns)];
        for (int row = 0; row < first.Rows; row++)
        {
            ReadOnlySpan<double> a = first.Row(row), b = second.Row(row);
            for (int column = 0; column < a.Length; column++)
                differences[row * a.Length + column] = a[column] - b[column];
        }

        return new FeatureMatrix(first.Rows, first.Columns, differences);
    }

    /// <summary>
    /// Certifies each pair as it stands and with its items exchanged, and says what holds both ways. A tie is then no
    /// preference: where the scores are the same, a certificate abstains, and a prediction survives r flips where none
    /// of r labels reverse it or bring it to a tie.
    /// </summary>
    /// <param name="certifier">A certifier of two classes, such as one of <see cref="Heads.PairsHead"/>.</param>
    /// <param name="differences">h(A) − h(B) of each pair (m × k).</param>
    /// <returns>
    /// In the order of the pairs: 0 where the first item is better, 1 where the second is, and
    /// <see cref="Certificate.Abstention"/>, not certified, where the two ways do not agree. Radii are the smaller
    /// ones.
    /// </returns>
    public static IReadOnlyList<RowCertificates> CertifyBothWays(ICertifier certifier, FeatureMatrix differences)
    {
        ArgumentNullException.ThrowIfNull(certifier);
        ArgumentNullException.ThrowIfNull(differences);
        var nothing = new FeatureMatrix(differences.Rows, differences.Columns, new double[checked(differences.Rows * differences.Columns)]);
        return
        [
            .. certifier.CertifyBatch(differences).Zip(certifier.CertifyBatch(Differences(nothing, differences)), (ahead, back) =>
                new RowCertificates(
                    [.. ahead.Certificates.Zip(back.Certificates, Weaker)], Math.Max(ahead.LogFailure, back.LogFailure))
                {
                    LogChange = Math.Max(ahead.LogChange, back.LogChange),
                }),
        ];
    }

    private static Certificate Weaker(Certificate ahead, Certificate back)
    {
        bool agree = ahead.Prediction == 1 - back.Prediction, isCertified = agree && ahead.IsCertified && back.IsCertified;
        return ahead with
        {
            Prediction = agree ? ahead.Prediction : Certificate.Abstention,
            Radius = isCertified ? Radius.Min(ahead.Radius, back.Radius) : Radius.Of(0),
            IsCertified = isCertified,
            AssumesClasses = isCertified && (ahead.AssumesClasses || back.AssumesClasses),
        };
    }
}
