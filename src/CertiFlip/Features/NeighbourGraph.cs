using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>What an edge between two rows weighs, of which at least one is among the other's nearest.</summary>
public enum NeighbourEdges
{
    /// <summary>1 where each is among the other's nearest, ½ where one is.</summary>
    Either,

    /// <summary>
    /// 1 where each is among the other's nearest, 1/20 where one is: what is near to a row in a crowd is often another
    /// cluster's outlier.
    /// </summary>
    Mutual,

    /// <summary>
    /// As <see cref="Either"/>, times e^(−‖x − y‖²/(σ(x)σ(y))), where σ is the distance to a row's seventh nearest, or
    /// its farthest if there are fewer (Zelnik-Manor and Perona 2004), and 1/20 at least.
    /// </summary>
    Scaled,
}

/// <summary>Rows linked to their nearest neighbours.</summary>
internal sealed class NeighbourGraph
{
    // What an edge weighs at least: rows that hang together still do.
    private const double Least = 1.0 / 20;

    // e to the minus this is far below the least weight.
    private const double MostExponent = 100;

    // The neighbour whose distance is a row's own scale.
    private const int ScaleNeighbour = 7;

    private NeighbourGraph(SparseRows normalised, double[] degrees) => (Normalised, Degrees) = (normalised, degrees);

    /// <summary>D^(−½)WD^(−½): symmetric, with eigenvalues in [−1, 1].</summary>
    public SparseRows Normalised { get; }

    /// <summary>The diagonal of D: the weight of each row's edges.</summary>
    public double[] Degrees { get; }

    /// <summary>
    /// The largest sets of rows that hang together, as row numbers in ascending order: of the others, each has so few
    /// rows that it says nothing about clusters.
    /// </summary>
    /// <param name="nearest">The neighbours of each row; itself among them does not matter.</param>
    /// <param name="count">How many each has.</param>
    /// <param name="least">Rows that a set must have. Where none has so many, the largest set counts.</param>
    public static int[] LargeComponents(int[] nearest, int count, int least)
    {
        int[] parents = [.. Enumerable.Range(0, nearest.Length / count)];
        for (int i = 0; i < nearest.Length; i++)
            Join(parents, i / count, nearest[i]);
        int[] roots = [.. Enumerable.Range(0, parents.Length).Select(row => Root(parents, row))];
        Dictionary<int, int> sizes = roots.CountBy(root => root).ToDictionary();
        int wanted = Math.Min(least, sizes.Values.Max());
        return [.. Enumerable.Range(0, roots.Length).Where(row => sizes[roots[row]] >= wanted)];
    }

    /// <summary>The graph of some rows, which hold all their neighbours.</summary>
    /// <param name="rows">The rows, in the order that they are to have.</param>
    /// <param name="nearest">The neighbours of all rows.</param>
    /// <param name="count">How many each has.</param>
    /// <param name="kind">What edges weigh.</param>
    /// <param name="places">All rows, of length 1.</param>
    public static NeighbourGraph Of(int[] rows, int[] nearest, int count, NeighbourEdges kind, FeatureMatrix places)
    {
        int[] numbers = new int[nearest.Length / count];
        for (int i = 0; i < rows.Length; i++)
            numbers[rows[i]] = i;

        // Every link twice, from either end; a link that both rows have comes twice from each.
        int[] from = new int[2 * rows.Length * count], to = new int[from.Length];
        int links = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (int neighbour in nearest.AsSpan(rows[i] * count, count))
            {
                if (neighbour == rows[i])
                    continue;
                (from[links], to[links]) = (i, numbers[neighbour]);
                (from[links + 1], to[links + 1]) = (to[links], i);
                links += 2;
            }
        }

        var ends = new Groups(from.AsSpan(0, links), rows.Length);
        (int[] Neighbours, double[] Weights)[] edges = [.. Enumerable.Range(0, rows.Length).Select(i => Edges(ends[i], to))];
        switch (kind)
        {
            case NeighbourEdges.Either:
                break;
            case NeighbourEdges.Mutual:
                foreach ((_, double[] weights) in edges)
                    weights.AsSpan().Replace(0.5, Least);
                break;
            case NeighbourEdges.Scaled:
                Scale(edges, rows, places, [.. rows.Select(row => ScaleOf(row, nearest.AsSpan(row * count, count), places))]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no such edges.");
        }

        double[] degrees = [.. edges.Select(edge => edge.Weights.Sum())];
        for (int i = 0; i < edges.Length; i++)
        {
            (int[] neighbours, double[] weights) = edges[i];
            for (int at = 0; at < weights.Length; at++)
                weights[at] /= Math.Sqrt(degrees[i] * degrees[neighbours[at]]);
        }

        return new NeighbourGraph(SparseRows.Of(rows.Length, edges), degrees);
    }

    private static void Scale((int[] Neighbours, double[] Weights)[] edges, int[] rows, FeatureMatrix places, double[] scales)
    {
        for (int i = 0; i < edges.Length; i++)
        {
            (int[] neighbours, double[] weights) = edges[i];
            for (int at = 0; at < weights.Length; at++)
            {
                int j = neighbours[at];
                double squared = SquaredDistance(rows[Math.Min(i, j)], rows[Math.Max(i, j)], places), scale = scales[i] * scales[j];
                double part = squared > 0 ? Arithmetic.Exp(-Math.Min(squared / scale, MostExponent)) : 1;
                weights[at] = Math.Max(weights[at] * part, Least);
            }
        }
    }

    /// <summary>The distance to a row's seventh nearest, itself apart.</summary>
    private static double ScaleOf(int row, ReadOnlySpan<int> nearest, FeatureMatrix places)
    {
        int last = row, others = 0;
        foreach (int neighbour in nearest)
        {
            if (neighbour != row && others++ < ScaleNeighbour)
                last = neighbour;
        }

        return Math.Sqrt(SquaredDistance(Math.Min(row, last), Math.Max(row, last), places));
    }

    private static double SquaredDistance(int a, int b, FeatureMatrix places)
    {
        ReadOnlySpan<double> first = places.Row(a), second = places.Row(b);
        double sum = 0;
        for (int i = 0; i < first.Length; i++)
            sum += (first[i] - second[i]) * (first[i] - second[i]);
        return sum;
    }

    /// <summary>A row's neighbours, ascending, with the weights of the edges to them.</summary>
    private static (int[] Neighbours, double[] Weights) Edges(ReadOnlySpan<int> links, int[] to)
    {
        int[] ends = new int[links.Length];
        for (int i = 0; i < ends.Length; i++)
            ends[i] = to[links[i]];
        Array.Sort(ends);
        double[] weights = new double[ends.Length];
        int count = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            if (count == 0 || ends[count - 1] != ends[i])
                ends[count++] = ends[i];
            weights[count - 1] += 0.5;
        }

        return (ends[..count], weights[..count]);
    }

    private static int Root(int[] parents, int row)
    {
        while (parents[row] != row)
            row = parents[row] = parents[parents[row]];
        return row;
    }

    private static void Join(int[] parents, int a, int b)
    {
        (a, b) = (Root(parents, a), Root(parents, b));
        parents[Math.Max(a, b)] = Math.Min(a, b);
    }
}
