using CertiFlip.Matrices;

namespace CertiFlip.Features.Spectral;

/// <summary>The random walk on a graph: from a row along an edge, each as likely as it weighs.</summary>
internal static class RandomWalk
{
    /// <summary>
    /// Eigenvectors ψ = D^(−½)u of D⁻¹W from eigenvectors u of D^(−½)WD^(−½), for the largest eigenvalues. The constant ψ, u ∝ D^½1, is left out; on a graph that does not hang together there are
    /// more of eigenvalue 1, which tell its components apart.
    /// </summary>
    /// <returns>A number of each eigenvector for each row, and the eigenvalues.</returns>
    public static (double[] Entries, double[] Values) EigenvectorsOf(NeighbourGraph graph, int count, ParallelOptions parallel)
    {
        double total = graph.Degrees.Sum();
        double[] constant = [.. graph.Degrees.Select(degree => Math.Sqrt(degree / total))];
        (double[] vectors, double[] values) = new LeadingEigenvectors(graph.Normalised, parallel).Find(count, constant);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] /= constant[i / values.Length];
        return (vectors, values);
    }
}
