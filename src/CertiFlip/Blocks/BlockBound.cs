using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Votes;

namespace CertiFlip.Blocks;

/// <summary>
/// Which Chernoff bounds of a test row are to be summed up over all rows, found from the histogram of its label
/// weights.
/// </summary>
/// <remarks>
/// <para>
/// A bound holds for every t, so t needs no precision: the function is minimised as if every weight were the mean of
/// its bucket.
/// </para>
/// <para>
/// log E[e^(−xs)] is convex in x. So the sum over a bucket is at least its value at the mean, and at most what the
/// chord between the bucket's ends makes of it. A rival whose upper bound is below another's lower bound cannot be the
/// worst, and is left out.
/// </para>
/// </remarks>
internal sealed class BlockBound
{
    // Of the sum of magnitudes: far above what rounding does to a sum over buckets.
    private const double Rounding = 1e-11;

    private readonly BlockVote _vote;
    private readonly Noise _noise;
    private readonly int _rows;
    private readonly Bucket[][] _buckets;
    private readonly double _scale;

    /// <summary>The bounds of a row.</summary>
    /// <param name="vote">The row's histogram.</param>
    /// <param name="noise">The smoothing noise q.</param>
    /// <param name="rows">Number of training rows, n.</param>
    public BlockBound(BlockVote vote, Noise noise, int rows)
    {
        (_vote, _noise, _rows) = (vote, noise, rows);
        _buckets = [.. Enumerable.Range(0, vote.Classes).Select(c => (Bucket[])[.. BucketsOf(c, true), .. BucketsOf(c, false)])];
        double largest = _buckets.SelectMany(own => own).Select(bucket => Math.Abs(bucket.Mean)).DefaultIfEmpty().Max();
        _scale = largest > 0 ? Math.ScaleB(1, -Math.Clamp(Math.ILogB(largest), -1000, 1000)) : 1;
    }

    /// <summary>
    /// For two classes with a threshold the paper's rule, in which a tie goes to class 1; else the class with the
    /// largest mean score.
    /// </summary>
    public int Winner
    {
        get
        {
            if (_vote.HasThreshold)
                return MeanMargin(new Pair(1, 0)) >= 0 ? 1 : 0;
            int winner = _vote.HeadPrediction;
            foreach (int rival in _vote.Rivals(winner).ToArray())
            {
                if (MeanMargin(new Pair(winner, rival)) < 0)
                    winner = rival;
            }

            return winner;
        }
    }

    /// <summary>The bounds that are needed to know the largest; null where some rival has none below 1.</summary>
    public BoundRequest[]? Requests(int winner)
    {
        var found = new List<(BoundRequest Request, double Least, double Most)>();
        foreach (int rival in _vote.Rivals(winner))
        {
            var pair = new Pair(winner, rival);
            if (!(MeanMargin(pair) > 0))
                return null;
            double offset = _vote.Offset(pair);
            ChernoffPoint SlopeAt(double at) => Slope(pair, at, offset);
            double t = ChernoffMinimum.Locate(SlopeAt, SlopeAt(FirstGuess(pair)));
            double magnitude = 0.5 * t * _vote.Magnitude + _rows * (_noise.Logit + 2)
                + t * Math.Abs(offset) + (_vote.HasThreshold ? t * Math.Abs(_vote.Threshold) : 0);
            (double least, double most) = Between(pair, t, offset);
            found.Add((new BoundRequest(pair, t, offset, magnitude), least - Rounding * magnitude, most + Rounding * magnitude));
        }

        double worst = found.Max(bound => bound.Least);
        return [.. found.Where(bound => !(bound.Most < worst)).Select(bound => bound.Request)];
    }

    /// <summary>The probabilities of a class's noisy label in a pair's vote.</summary>
    public static RoleProbabilities RoleOf(Pair pair, int c, Noise noise) =>
        c == pair.Winner ? NoisyRole.Winner(noise) : c == pair.Rival ? NoisyRole.Rival(noise) : NoisyRole.Bystander(noise);

    private IEnumerable<Bucket> BucketsOf(int c, bool negative) => _vote.BucketsOf(c, negative).Select(bucket =>
        new Bucket(bucket.Count, negative ? -bucket.Mean : bucket.Mean, bucket.Least, bucket.Most));

    private double MeanMargin(Pair pair) => _noise.Advantage * _vote.MarginOfLabels(pair) + _vote.Offset(pair);

    /// <summary>The minimiser for a normal vote, as <see cref="ChernoffBound"/> starts with.</summary>
    private double FirstGuess(Pair pair)
    {
        double inPair = 0, others = 0;
        for (int c = 0; c < _buckets.Length; c++)
        {
            double squares = _buckets[c].Sum(bucket => bucket.Count * (bucket.Mean * _scale) * (bucket.Mean * _scale));
            if (c == pair.Winner || c == pair.Rival)
                inPair += squares;
            else
                others += squares;
        }

        double variance = inPair * (_noise.Kept + _noise.Rival - _noise.Advantage * _noise.Advantage) + others * 2 * _noise.Rival;
        double deviation = 0.5 * Math.Sqrt(variance) / _scale, rootMeanSquare = Math.Sqrt((inPair + others) / _rows) / _scale;
        double size = Math.Min(MeanMargin(pair) / deviation / deviation, 2 * _noise.Logit / rootMeanSquare);
        return double.IsNaN(size) ? 1 : Math.Clamp(size, 1e-300, 1e300);
    }

    private ChernoffPoint Slope(Pair pair, double t, double offset)
    {
        double slope = -t * offset, curvature = 0;
        for (int c = 0; c < _buckets.Length; c++)
        {
            RoleProbabilities role = RoleOf(pair, c, _noise);
            foreach (Bucket bucket in _buckets[c])
            {
                double x = 0.5 * t * bucket.Mean, size = Math.Abs(x), e = Arithmetic.Exp(-size);
                (double hurts, double helps) = x > 0 ? (role.Against, role.For) : (role.For, role.Against);
                double idle = role.Neither * e, helped = helps * e * e, whole = hurts + idle + helped;
                double u = hurts / whole, v = helped / whole;
                slope += bucket.Count * size * (u - v);
                curvature += bucket.Count * x * x * ((u + v) * idle / whole + 4 * u * v);
            }
        }

        return new ChernoffPoint(t, Value: double.NaN, slope, curvature, Rounding: 0);
    }

    /// <summary>Bounds of the exponent at t on either side.</summary>
    private (double Least, double Most) Between(Pair pair, double t, double offset)
    {
        double least = -t * offset, most = least;
        for (int c = 0; c < _buckets.Length; c++)
        {
            RoleProbabilities role = RoleOf(pair, c, _noise);
            foreach (Bucket bucket in _buckets[c])
            {
                double LogMoment(double size)
                {
                    double x = 0.5 * t * size, e = Arithmetic.Exp(-x);
                    (double hurts, double helps) = bucket.Mean > 0 ? (role.Against, role.For) : (role.For, role.Against);
                    return x + Arithmetic.Log(hurts + role.Neither * e + helps * e * e);
                }

                double mean = Math.Abs(bucket.Mean), width = bucket.Most - bucket.Least;
                least += bucket.Count * LogMoment(mean);
                most += bucket.Count
                    * (LogMoment(bucket.Least) * (bucket.Most - mean) + LogMoment(bucket.Most) * (mean - bucket.Least)) / width;
            }
        }

        return (least, most);
    }

    /// <summary>Weights of one class and of about one size.</summary>
    private readonly record struct Bucket(long Count, double Mean, double Least, double Most);
}

/// <summary>A Chernoff bound that is to be summed up over all training rows.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="T">t.</param>
/// <param name="Offset">The constant part of the pair's margin.</param>
/// <param name="Magnitude">What the rounding margin is in proportion to.</param>
internal sealed record BoundRequest(Pair Pair, double T, double Offset, double Magnitude)
{
    /// <summary>
    /// An upper bound on the exponent, from the log moments of all rows, summed by the kernels in runs of rows.
    /// </summary>
    public double UpperBound(ExactSum moments, Noise noise, int runRows)
    {
        // docs/soundness.md, "Training rows in blocks".
        double margin = 2 * Kernels.Rounding.OfBlockedSum(runRows, noise.Classes, NoisyRole.Winner(noise).MostFactors) * Magnitude;
        return ExactSum.ToDouble(moments.ToInteger()) - T * Offset + margin;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Pair.Winner);
        writer.Write7BitEncodedInt(Pair.Rival);
        writer.Write(T);
        writer.Write(Offset);
        writer.Write(Magnitude);
    }

    public static BoundRequest Read(BinaryReader reader) => new(
        new Pair(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt()),
        reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
}
