using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// What an adversary did so far, on average: flips, each with the part of the time that it was made.
/// </summary>
/// <param name="labels">The n training labels.</param>
internal sealed class FlipPlay(ClassLabels labels)
{
    // A flip that is always made.
    private const double Always = 1L << 40;

    // Flips that are made more rarely do not guide a choice.
    private const double Rarely = Always / 256;

    // So many flips guide the choice of a cut, evenly spread over all that were made.
    private const int MostGuiding = 4096;

    private readonly FlipSums _parts = new(labels);

    /// <summary>The play as it is now, for cuts to be chosen against.</summary>
    public PlayGuide Guide { get; private set; } = new([], new int[labels.ClassCount + 1]);

    /// <summary>Moves the average towards an attack.</summary>
    /// <param name="attack">The flips of the attack.</param>
    /// <param name="step">How far, from 0 to 1: 1 forgets what was before.</param>
    public void Move(IEnumerable<CountedFlip> attack, double step)
    {
        _parts.Scale(1 - step);
        foreach (CountedFlip flip in attack)
            _parts.Into(flip.Target)[flip.Position] += step * Always;
        List<PlayedFlip> flips = [];
        List<int> ends = [];
        for (int c = 0; c < labels.ClassCount; c++)
        {
            (int start, int length) = labels.RangeOf(c).GetOffsetAndLength(labels.Count);
            for (int position = start; position < start + length; position++)
            {
                for (int target = 0; target < labels.ClassCount; target++)
                {
                    if (_parts.Into(target)[position] is var part && part > Rarely)
                        flips.Add(new PlayedFlip(position, target, part / Always));
                }
            }

            ends.Add(flips.Count);
        }

        int every = Math.Max(1, (flips.Count + MostGuiding - 1) / MostGuiding);
        Guide = new PlayGuide(
            [.. flips.Where((_, index) => index % every == 0).Select(flip => flip with { Part = flip.Part * every })],
            [0, .. ends.Select(end => (end + every - 1) / every)]);
    }

    /// <summary>The flips that are made most of the time, as far as a budget goes.</summary>
    public CountedFlip[] Rounded(AllowedFlips allowed, int budget) => _parts.Largest(allowed, budget, out _);
}

/// <summary>A play at one time. Of very many flips, some stand for the others.</summary>
/// <param name="Flips">The flips, in the order of their positions.</param>
/// <param name="Starts">Where the flips of each class's labels begin, and where the last ones end.</param>
internal sealed record PlayGuide(PlayedFlip[] Flips, int[] Starts)
{
    /// <summary>Whether nothing was done yet.</summary>
    public bool IsEmpty => Flips.Length == 0;

    /// <summary>The flips of the labels of one class.</summary>
    public ReadOnlySpan<PlayedFlip> From(int c) => Flips.AsSpan(Starts[c]..Starts[c + 1]);
}

/// <summary>A flip that an adversary makes part of the time.</summary>
/// <param name="Position">Where the training row stands in <see cref="ClassLabels.RowsByClass"/>.</param>
/// <param name="Target">The class that its label becomes.</param>
/// <param name="Part">The part of the time; more where the flip stands for others.</param>
internal readonly record struct PlayedFlip(int Position, int Target, double Part);
