namespace CertiFlip.Data.Formats;

/// <summary>One byte that is false if zero and true otherwise: 0 and 1 as features, "False" and "True" as labels.</summary>
internal sealed class BooleanElement : NumericElement
{
    public override int Size => 1;

    public override void ToNumbers(Span<byte> stored, Span<double> numbers)
    {
        for (int i = 0; i < stored.Length; i++)
            numbers[i] = stored[i] == 0 ? 0 : 1;
    }

    public override string ToLabel(Span<byte> stored) => stored[0] == 0 ? bool.FalseString : bool.TrueString;
}
