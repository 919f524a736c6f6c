using System.Runtime.InteropServices;

namespace CertiFlip.Features.Text;

/// <summary>How often each term occurs in some texts, and in how many of them.</summary>
internal sealed class TermCounts
{
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    public static TermCounts Of(IReadOnlyList<string> texts, int longest, CancellationToken cancellation)
    {
        var counts = new TermCounts();
        var lookup = counts._counts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int text = i + 1;
            Terms.ForEach(texts[i], longest, term =>
            {
                ref Count count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, term, out _);
                count = new Count(count.Occurrences + 1, count.Last == text ? count.Texts : count.Texts + 1, text);
            });
        }

        return counts;
    }

    /// <summary>
    /// The terms that occur most often with their numbers of texts, in order of the alphabet. Of equally frequent ones,
    /// those that come first there.
    /// </summary>
    public (string Term, int Texts)[] MostFrequent(int most) =>
    [
        .. _counts.OrderByDescending(entry => entry.Value.Occurrences).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(most)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Texts)),
    ];

    /// <param name="Occurrences">In all texts.</param>
    /// <param name="Texts">Texts with the term.</param>
    /// <param name="Last">The last of them, counted from 1.</param>
    private readonly record struct Count(int Occurrences, int Texts, int Last);
}
